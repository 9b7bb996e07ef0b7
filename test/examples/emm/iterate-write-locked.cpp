// The same board; the whole loop holds the mutex that the reports take.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <cstdio>
#include <mutex>
#include <thread>

static emm::map<int, long> scores;
static std::mutex scoresMutex;

static void printScores() {
  std::lock_guard<std::mutex> guard(scoresMutex);
  for (const auto &[player, score] : scores)
    std::printf("%d %ld\n", player, score);
}

static void report(int player, long points) {
  std::lock_guard<std::mutex> guard(scoresMutex);
  scores[player] += points;
}

int main() {
  std::thread status(printScores);
  for (int game = 0; game < 50; ++game)
    report(game % 9, game);
  status.join();
}
