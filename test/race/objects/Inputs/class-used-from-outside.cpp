int main() {
  auto *cache = new Cache; // its thread is never joined
  cache->start();
  while (!cache->get(1))
    std::this_thread::yield();
}
