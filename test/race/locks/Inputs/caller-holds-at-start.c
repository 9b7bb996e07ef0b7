int main(void) {
  static struct Pool pool = {.mutex = PTHREAD_MUTEX_INITIALIZER};
  if (resizeTwice(&pool))
    return 1;
  for (int n = 0; n < 8; ++n)
    pthread_join(pool.threads[n], 0);
  return 0;
}
