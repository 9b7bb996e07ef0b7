// A jthread joins at the end of its scope.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 std=c++20 stdlib=libstdc++
#include <map>
#include <thread>

int main() {
  std::map<int, int> m;
  {
    std::jthread t([&m] { m[1] = 1; }); // want map/concurrent-write "map 'm' is written here in the thread started at line 9 while the creating thread may write it at line 10"
    m[0] = 2;
  }
  m[2] = 2;
}
