// Every future is waited for before the map is used again.
// emm-check: rules=map/*,atomic/*,lock/* level=warning opt=0,2 stdlib=libstdc++,libc++
#include <future>
#include <map>
#include <mutex>
#include <vector>

int main() {
  std::map<int, int> squares;
  std::mutex mutex;
  std::vector<std::future<void>> futures;
  for (int i = 0; i < 3; ++i)
    futures.push_back(std::async(std::launch::async, [&squares, &mutex, i] {
      std::lock_guard<std::mutex> guard(mutex);
      squares.emplace(i, i);
    }));
  (void)squares;
  for (auto &f : futures)
    f.get();
  squares[3] = 9;
  return squares.size() != 4;
}
