int main() {
  std::map<int, int> m{{1, 0}, {2, 5}};
  return sum(m) != 5;
}
