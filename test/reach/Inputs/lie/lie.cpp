// The model beside this file says that keep() keeps nothing, which is not true: the check has to see it.
int *kept;
void keep(int *p);
void gives() {
  int *p = new int(1);
  keep(p);
}
