void note() {}
