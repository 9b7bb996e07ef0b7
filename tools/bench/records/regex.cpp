// A program that is mostly std::regex: what templates of the library leave in a record. Compiled by ./programs.
#include <algorithm>
#include <iostream>
#include <iterator>
#include <map>
#include <regex>
#include <string>
#include <vector>

namespace {

template <typename Char> using Text = std::basic_string<Char>;
template <typename Char> using Regex = std::basic_regex<Char>;

/// Counts the matches of each pattern, by iterator.
template <typename Char> std::map<Text<Char>, size_t> countAll(const Text<Char> &In, const std::vector<Text<Char>> &Patterns) {
  std::map<Text<Char>, size_t> Counts;
  for (const Text<Char> &P : Patterns) {
    Regex<Char> R(P, std::regex_constants::ECMAScript | std::regex_constants::optimize);
    using It = std::regex_iterator<typename Text<Char>::const_iterator>;
    Counts[P] = std::distance(It(In.begin(), In.end(), R), It());
  }
  return Counts;
}

template <typename Char> std::vector<Text<Char>> split(const Text<Char> &In, const Text<Char> &Separator) {
  Regex<Char> R(Separator, std::regex_constants::extended);
  using It = std::regex_token_iterator<typename Text<Char>::const_iterator>;
  return {It(In.begin(), In.end(), R, -1), It()};
}

template <typename Char> bool isNumber(const Text<Char> &In, const Text<Char> &Pattern) {
  return std::regex_match(In, Regex<Char>(Pattern, std::regex_constants::basic));
}

template <typename Char> Text<Char> quote(const Text<Char> &In, const Text<Char> &Pattern, const Text<Char> &With) {
  return std::regex_replace(In, Regex<Char>(Pattern, std::regex_constants::icase), With);
}

template <typename Char> size_t firstGroup(const Text<Char> &In, const Text<Char> &Pattern) {
  std::match_results<typename Text<Char>::const_iterator> M;
  if (!std::regex_search(In, M, Regex<Char>(Pattern, std::regex_constants::awk)))
    return 0;
  return M.size() > 1 ? M.length(1) : M.length(0);
}

template <typename Char> Text<Char> widen(const std::string &S) { return Text<Char>(S.begin(), S.end()); }

template <typename Char> size_t all(const std::string &Line) {
  Text<Char> In = widen<Char>(Line);
  size_t Sum = 0;
  for (const auto &[P, N] : countAll<Char>(In, {widen<Char>("[a-z]+"), widen<Char>("(\\d+)-(\\1)"), widen<Char>("a(?=b)")}))
    Sum += P.size() * N;
  for (const Text<Char> &Part : split<Char>(In, widen<Char>("[, ]+")))
    Sum += isNumber<Char>(Part, widen<Char>("[0-9]*"));
  Sum += quote<Char>(In, widen<Char>("warning"), widen<Char>("<$&>")).size();
  return Sum + firstGroup<Char>(In, widen<Char>("([A-Z]+)[0-9]"));
}

} // namespace

int main() {
  size_t Sum = 0;
  for (std::string Line; std::getline(std::cin, Line);)
    Sum += all<char>(Line) + all<wchar_t>(Line);
  std::cout << Sum << '\n';
}
