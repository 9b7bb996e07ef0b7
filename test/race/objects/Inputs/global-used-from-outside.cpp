int main() {
  begin();
  while (!look(1))
    std::this_thread::yield();
}
