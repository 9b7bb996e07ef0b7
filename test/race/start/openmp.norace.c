// A parallel region writes one variable; a critical section protects it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 flags="-fopenmp"
extern int produce(int);

int run(int n) {
  int last = 0;
#pragma omp parallel
  {
    _Pragma("omp critical")
    last = produce(n);
  }
  return last;
}
