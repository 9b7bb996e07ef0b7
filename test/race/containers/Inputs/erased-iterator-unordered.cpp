int main() {
  std::unordered_map<int, int> m{{2, 2}};
  m[1] = 1; // inserted last, it comes first: the element behind it is asked for
  return drop(m) != 2;
}
