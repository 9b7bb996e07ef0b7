int main(void) {
  pthread_t first;
  thrd_t second;
  start(&first);
  startToo(&second);
  pthread_join(first, 0);
  thrd_join(second, 0);
  return state + other != 2;
}
