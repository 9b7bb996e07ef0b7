// A jthread joins at the end of its scope.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 std=c++20 stdlib=libstdc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  {
    std::jthread t([&m] { m[1] = 1; });

  }
  m[2] = 2;
}
