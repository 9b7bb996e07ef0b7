int main() { work(); }
