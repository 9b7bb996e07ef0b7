// A leader board is printed by a status thread while games go on reporting scores.
// emm-check: go=escape,closure match="^map |capturing|makemap|unordered_map|Index"
#include <emm/map.hpp>

#include <cstdio>
#include <thread>

static emm::map<int, long> scores;

static void printScores() {
  for (const auto &[player, score] : scores)  // want-note "iterate over 'scores'"
    std::printf("%d %ld\n", player, score);
}

static void report(int player, long points) { scores[player] += points; }  // want map/concurrent-iteration "map 'scores' is written"

int main() {
  std::thread status(printScores);
  for (int game = 0; game < 50; ++game)
    report(game % 9, game);
  status.join();
}
