// The differential model driven by bytes: a libFuzzer target with clang, and a program that replays files of
// the kept corpus anywhere. The first byte chooses the kinds of key and element and the number of keys; the
// rest is the program of operations.
#include "model.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace {
struct bytes {
  const std::uint8_t *p, *end;
  unsigned operator()() {
    unsigned v = 0;
    for (int i = 0; i < 2; ++i)
      v = v << 8 | (p < end ? *p++ : 0u);
    return v * 0x9e3779b1u >> 8; // two bytes reach all branches
  }
};
template <class K, class V> void run(bytes &program, unsigned keys) {
  model<emm::map<K, V>, bytes &> both(program, keys);
  while (program.p < program.end && !testing::Test::HasFatalFailure())
    both.step();
  both.compare();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  if (size < 2)
    return 0;
  bytes program{data + 1, data + size};
  const unsigned keys = (data[0] >> 3) * 20u + 5;
  switch (data[0] & 7) {
  case 0:
    run<int, int>(program, keys);
    break;
  case 1:
    run<long, long>(program, keys);
    break;
  case 2:
    run<std::string, int>(program, keys);
    break;
  case 3:
    run<unsigned char, unsigned char>(program, keys < 200 ? keys : 200);
    break;
  case 4:
    run<double, std::string>(program, keys);
    break;
  default:
    run<std::string, std::string>(program, keys);
  }
  if (testing::Test::HasFailure())
    std::abort();
  return 0;
}

#ifdef EMM_REPLAY
TEST(Fuzz, KeptCorpus) {
  int files = 0;
  for (int n = 0; n < 1000; ++n) {
    std::ifstream file(std::string(EMM_REPLAY) + "/" + std::to_string(n), std::ios::binary);
    if (!file)
      break;
    const std::vector<char> data((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(data.data()), data.size());
    ++files;
  }
  EXPECT_GE(files, 10);
}
#endif
