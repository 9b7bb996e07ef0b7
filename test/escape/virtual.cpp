// Calls through a vtable: of an object whose class is seen they are followed, of any other they are unknown.
// emm-check: go=escape opt=0,2
struct Shape {
  virtual void draw(int *p) = 0;
  virtual int *pick(int *p) = 0;
  virtual ~Shape() = default;  // want "^this does not escape$"
};
int *sink;
struct Reader final : Shape {
  void draw(int *p) override { *p = 1; }       // want "^this does not escape$" "^p does not escape$"
  int *pick(int *p) override { return p; }     // want "^this does not escape$" "^leaking param: p to result ~r0 level=0$"
};
struct Keeper final : Shape {
  void draw(int *p) override { sink = p; }         // want "^this does not escape$" "^leaking param: p$"
  int *pick(int *) override { return nullptr; }  // want "^this does not escape$"
};
void unknownShape(Shape &s, int *p) { s.draw(p); }    // want "^leaking param: s$" "^leaking param: p$"
int finalShape(Reader &r, int *p) { r.draw(p); return *p; }  // want "^r does not escape$" "^p does not escape$"
void finalKeeper(Keeper &k, int *p) { k.draw(p); }    // want "^k does not escape$" "^leaking param: p$"
int localReader() {
  int x = 1;
  Reader r;
  Shape &s = r;
  s.draw(&x);
  return x;
}
int localKeeper() {
  int x = 1;  // want "^address of x escapes$"
  Keeper k;
  Shape &s = k;
  s.draw(&x);
  return x;
}
int eitherLocal(bool c) {
  int x = 1;  // want "^address of x escapes$"
  Reader r;
  Keeper k;
  Shape *s = c ? static_cast<Shape *>(&r) : &k;
  s->draw(&x);
  return x;
}
int allocatedReader() {
  int x = 1;
  Shape *s = new Reader;  // want "^new Reader does not escape$"
  s->draw(&x);
  delete s;
  return x;
}
int allocatedKeeper() {
  int x = 1;              // want "^address of x escapes$"
  Shape *s = new Keeper;  // want "^new Keeper does not escape$"
  s->draw(&x);
  delete s;
  return x;
}
int pickedReader() {
  int x = 1;
  Reader r;
  Shape &s = r;
  return *s.pick(&x);
}
int *pickedResult() {
  int x = 1;  // want "^address of x escapes$"
  Reader r;
  Shape &s = r;
  return s.pick(&x);  // want escape/outlives-frame "address of local 'x' is returned"
}
namespace {
struct Hidden {
  virtual void draw(int *p) = 0;
  virtual ~Hidden() = default;  // want "^this does not escape$"
};
struct OnlyOne : Hidden {
  void draw(int *p) override { *p = 1; }  // want "^this does not escape$" "^p does not escape$"
};
}
Hidden *global;
void makeHidden() { global = new OnlyOne; }         // want "^new OnlyOne escapes to heap$"
int onlyImplementation(int *p) { global->draw(p); return *p; }  // want-fp "^leaking param: p$" a call does not name the static class of its object, so that the only class of a hidden hierarchy is not known
