int main() {
#ifdef RACE
  return parallel(true, false) + several(3);
#else
  return parallel(true) + several(3) != 5;
#endif
}
