#include <thread>

int main() {
  std::thread t(add, 1);
  add(2);
  t.join();
  return total != 3;
}
