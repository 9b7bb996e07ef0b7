int produce(int n) { return n; }
int main(void) { return run(3) != 3; }
