int main() {
#ifdef RACE
  return several(2, true, false) != 3;
#else
  return several(2, true) != 3;
#endif
}
