#include "plugin/plan/framework/shell_words.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <string_view>
#include <utility>

#include "absl/strings/str_replace.h"
#include "plugin/plan/framework/arithmetic.h"
#include "plugin/plan/framework/settings.h"
#include "plugin/plan/plan_number.h"

namespace isoflop {
namespace {

constexpr size_t kMostExpandedBytes = 4 << 20;
constexpr std::string_view kSeparators = " \t\r\n;|&()<>", kCommandEnds = "\n;|&";

bool InName(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

struct Value {
  std::string text, unknown;
};

class Scanner {
 public:
  explicit Scanner(const std::string& script) : script_(script) {}

  std::vector<ShellWord> Scan() {
    while (at_ < script_.size() && expanded_ <= kMostExpandedBytes) {
      const char c = script_[at_];
      if (c == '#' && !in_word_) {
        at_ = std::min(script_.find('\n', at_), script_.size());
      } else if (kSeparators.find(c) != std::string_view::npos) {
        EndWord();
        depth_ += c == '(' ? 1 : c == ')' ? -1 : 0;
        new_command_ |= depth_ <= 0 && kCommandEnds.find(c) != std::string_view::npos;
        ++at_;
      } else {
        if (!in_word_) begin_ = at_;
        in_word_ = true;
        TakePart(false);
      }
    }
    EndWord();
    return std::move(words_);
  }

 private:
  // One character, quoted text or expansion.
  void TakePart(bool in_quotes) {
    const char c = script_[at_];
    if (c == '$' || c == '`') {
      TakeExpansion();
    } else if (c == '\\' && at_ + 1 < script_.size()) {
      if (script_[at_ + 1] != '\n') {
        Append(at_ + 1);
      } else if (text_.empty() && unknown_.empty()) {
        in_word_ = false;  // The line goes on.
      }
      at_ += 2;
    } else if (c == '\'' && !in_quotes) {
      for (++at_; at_ < script_.size() && script_[at_] != '\''; ++at_) Append(at_);
      ++at_;
    } else if (c == '"' && !in_quotes) {
      ++at_;
      while (at_ < script_.size() && script_[at_] != '"') TakePart(true);
      ++at_;
    } else {
      Append(at_++);
    }
  }

  void Append(size_t offset) {
    text_ += script_[offset];
    offsets_.push_back(offset);
  }

  void TakeExpansion() {
    const size_t begin = at_;
    const Value value = Expand();
    if (unknown_.empty()) unknown_ = value.unknown;
    text_ += value.text;
    offsets_.resize(text_.size(), begin);
    expanded_ += value.text.size();
  }

  // Of what stands at `at_`, and moves past it.
  Value Expand() {
    const size_t begin = at_;
    const auto unknown = [&] { return Value{"", script_.substr(begin, std::min<size_t>(at_ - begin, 40))}; };
    if (script_[at_] == '`') {
      at_ = std::min(script_.find('`', at_ + 1), script_.size() - 1) + 1;
      return unknown();
    }
    ++at_;
    if (script_.compare(at_, 2, "((") == 0) return Compute(begin);
    if (at_ < script_.size() && script_[at_] == '(') {
      at_ = EndOfBrackets('(', ')');
      return unknown();
    }
    if (at_ < script_.size() && script_[at_] == '{') {
      const size_t inner = at_ + 1;
      at_ = EndOfBrackets('{', '}');
      return Braced(script_.substr(inner, at_ - inner - (script_[at_ - 1] == '}' ? 1 : 0)), unknown());
    }
    size_t end = at_;
    while (end < script_.size() && InName(script_[end])) ++end;
    const std::string name = script_.substr(at_, end - at_);
    at_ = name.empty() ? std::min(at_ + 1, script_.size()) : end;
    return ValueOf(name, unknown());
  }

  Value Compute(size_t begin) {
    const size_t end = script_.find("))", at_);
    const std::string expression = script_.substr(at_ + 2, end == std::string::npos ? 0 : end - at_ - 2);
    at_ = end == std::string::npos ? script_.size() : end + 2;
    const auto value_of = [this](std::string_view name) -> std::optional<double> {
      const auto found = variables_.find(name);
      if (found == variables_.end() || !found->second.unknown.empty()) return std::nullopt;
      const absl::StatusOr<double> number = ParsePlanNumber(found->second.text, false);
      return number.ok() ? std::optional(*number) : std::nullopt;
    };
    // Whole numbers divide to whole numbers here.
    const std::string python = absl::StrReplaceAll(expression, {{"$", ""}, {"{", ""}, {"}", ""}, {"//", "//"}, {"/", "//"}});
    const std::optional<double> number = EvaluateArithmetic(python, value_of);
    if (number) return {NumberText(*number), ""};
    return {"", script_.substr(begin, std::min<size_t>(at_ - begin, 40))};
  }

  size_t EndOfBrackets(char open, char close) const {
    int depth = 0;
    for (size_t end = at_; end < script_.size(); ++end) {
      depth += script_[end] == open ? 1 : script_[end] == close ? -1 : 0;
      if (depth == 0) return end + 1;
    }
    return script_.size();
  }

  // "NAME" or "NAME:-default" or "NAME-default"; the elements of an array ("NAME[@]") have been read where it was assigned.
  Value Braced(std::string_view inner, const Value& unknown) const {
    size_t size = 0;
    while (size < inner.size() && InName(inner[size])) ++size;
    const std::string name(inner.substr(0, size));
    std::string_view rest = inner.substr(size);
    if (rest.empty()) return ValueOf(name, unknown);
    if (rest[0] == '[') return {};
    const bool has_default = rest[0] == '-' || rest.substr(0, 2) == ":-";
    if (!has_default) return unknown;
    rest.remove_prefix(rest[0] == '-' ? 1 : 2);
    if (rest.size() >= 2 && (rest[0] == '"' || rest[0] == '\'') && rest.back() == rest[0]) rest = rest.substr(1, rest.size() - 2);
    const Value otherwise = rest.find('$') == std::string_view::npos ? Value{std::string(rest), ""} : unknown;
    return ValueOf(name, otherwise);
  }

  Value ValueOf(const std::string& name, const Value& otherwise) const {
    const auto found = variables_.find(name);
    return found == variables_.end() ? otherwise : found->second;
  }

  void EndWord() {
    if (!text_.empty() || !unknown_.empty()) {
      Assign();
      if (text_.find("--") != std::string::npos && text_.find_first_of(" \t\n") != std::string::npos) {
        SplitWord();
      } else if (!text_.empty() || !unknown_.empty()) {
        Push(std::move(text_), offsets_.empty() ? begin_ : offsets_[0]);
      }
    }
    text_.clear();
    offsets_.clear();
    unknown_.clear();
    in_word_ = false;
  }

  // "NAME=value".
  void Assign() {
    size_t size = 0;
    while (size < text_.size() && InName(text_[size])) ++size;
    if (size == 0 || size >= text_.size() || text_[size] != '=') return;
    variables_[text_.substr(0, size)] = {text_.substr(size + 1), unknown_};
    text_.erase(0, size + 1);
    offsets_.erase(offsets_.begin(), offsets_.begin() + static_cast<std::ptrdiff_t>(size + 1));
  }

  void Push(std::string text, size_t offset) {
    words_.push_back({std::move(text), offset, new_command_, unknown_});
    new_command_ = false;
  }

  void SplitWord() {
    for (size_t begin = 0; (begin = text_.find_first_not_of(" \t\r\n", begin)) != std::string::npos;) {
      const size_t end = std::min(text_.find_first_of(" \t\r\n", begin), text_.size());
      Push(text_.substr(begin, end - begin), offsets_[begin]);
      begin = end;
    }
  }

  const std::string& script_;
  size_t at_ = 0, expanded_ = 0;
  std::string text_, unknown_;
  std::vector<size_t> offsets_;  // Of each byte of text_, in the script.
  size_t begin_ = 0;             // Of the word, in the script.
  bool in_word_ = false, new_command_ = true;
  int depth_ = 0;  // Of parentheses, within which a newline ends no command.
  std::map<std::string, Value, std::less<>> variables_;
  std::vector<ShellWord> words_;
};

}  // namespace

std::vector<ShellWord> ReadShellWords(const std::string& script) { return Scanner(script).Scan(); }

}  // namespace isoflop
