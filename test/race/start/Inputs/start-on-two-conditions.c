int main(void) {
  static struct Task task;
  now(&task);
#ifdef RACE
  pthread_join(task.thread, 0);
#endif
  return task.done != 1;
}
