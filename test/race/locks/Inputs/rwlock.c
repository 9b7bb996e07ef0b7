static emm_maptype type;

static void *work(void *unused) {
  lookup(&type, 1);
  return unused;
}
int main(void) {
  emm_maptype_init(&type, &emm_type_int32, &emm_type_int32, 0);
  table = emm_makemap(&type, 8, 0);
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  lookup(&type, 2);
  pthread_join(thread, 0);
  return 0;
}
