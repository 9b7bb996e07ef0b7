// A leader board is printed by a status thread while games go on reporting scores.
#include <emm/map.hpp>

#include <cstdio>
#include <thread>

static emm::map<int, long> scores;

static void printScores() {
  for (const auto &[player, score] : scores)
    std::printf("%d %ld\n", player, score);
}

static void report(int player, long points) { scores[player] += points; }

int main() {
  std::thread status(printScores);
  for (int game = 0; game < 50; ++game)
    report(game % 9, game);
  status.join();
}
