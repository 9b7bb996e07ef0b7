int main() {
  std::map<int, int> m{{1, 3}, {2, 5}};
  return last(m) != 3;
}
