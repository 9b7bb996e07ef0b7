// A parallel region writes one variable; a critical section protects it.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 flags="-fopenmp"
extern int produce(int);

int run(int n) {
  int last = 0;
#pragma omp parallel
  {
    (void)n;
    last = produce(n); // want atomic/missing "variable 'last' is written here in a thread started at line 7 while another thread started there may write it at line 10"
  }
  return last;
}
