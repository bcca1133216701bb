#include "plugin/plan/framework/python_settings.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "plugin/plan/framework/arithmetic.h"
#include "plugin/plan/plan_number.h"
#include "plugin/plan/plan_text.h"

namespace isoflop {
namespace {

constexpr char kRule[] = "must be a number, text or a product of numbers: the file is read, not run";
constexpr char kBlockRule[] = "must be set outside of any block: the file is read, not run";

bool StartsName(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool InName(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// A logical line: up to a newline outside of brackets and of text. Comments are left out of `code`; the line's end is `end`.
struct Statement {
  size_t begin = 0, end = 0;
  std::string code;
};

class Lines {
 public:
  explicit Lines(const std::string& text) : text_(text) {}

  bool done() const { return at_ >= text_.size(); }

  Statement Next() {
    Statement statement{.begin = at_};
    int brackets = 0;
    while (!done() && (text_[at_] != '\n' || brackets > 0)) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"' || c == '\'') {
        TakeText(c, statement.code);
      } else if (c == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') {
        statement.code += ' ';
        at_ += 2;
      } else {
        brackets += (c == '(' || c == '[' || c == '{') ? 1 : (c == ')' || c == ']' || c == '}') ? -1 : 0;
        statement.code += c == '\n' ? ' ' : c;
        ++at_;
      }
    }
    statement.end = at_;
    ++at_;
    return statement;
  }

 private:
  void TakeText(char quote, std::string& code) {
    const std::string triple(3, quote);
    const bool long_text = text_.compare(at_, 3, triple) == 0;
    const size_t begin = at_;
    at_ += long_text ? 3 : 1;
    while (!done()) {
      if (text_[at_] == '\\') {
        at_ += 2;
      } else if (long_text ? text_.compare(at_, 3, triple) == 0 : (text_[at_] == quote || text_[at_] == '\n')) {
        break;
      } else {
        ++at_;
      }
    }
    if (!done() && text_[at_] != '\n') at_ += long_text ? 3 : 1;
    at_ = std::min(at_, text_.size());
    code.append(text_, begin, at_ - begin);
  }

  const std::string& text_;
  size_t at_ = 0;
};

class Reader {
 public:
  Reader(const std::string& text, const std::string& file, PlanProblems& problems) : text_(text), file_(file), problems_(problems) {}

  Settings Read() {
    for (Lines lines(text_); !lines.done();) TakeStatement(lines.Next());
    return std::move(settings_);
  }

 private:
  void TakeStatement(const Statement& statement) {
    const std::string_view code = statement.code;
    const size_t first = std::min(code.find_first_not_of(" \t\r"), code.size());
    if (first == code.size()) return;
    const Place place = Advance(statement.begin + first);
    const std::string_view body = code.substr(first);
    if (body.substr(0, 5) == "exec(" || (body.substr(0, 5) == "from " && body.find('*') != std::string_view::npos)) {
      return AddProblem(problems_, place, "a configuration must set its values itself: the file is read, not run");
    }
    size_t name_end = 0;
    while (name_end < body.size() && InName(body[name_end])) ++name_end;
    const std::string name(body.substr(0, name_end));
    size_t after = std::min(body.find_first_not_of(" \t", name_end), body.size());
    if (name.empty() || !StartsName(name[0])) return;
    if (after < body.size() && body[after] == ':') after = std::min(body.find('=', after), body.size());  // `n_layer: int = 12`
    const bool plain = after < body.size() && body[after] == '=' && body.substr(after, 2) != "==";
    const bool in_place = !plain && after + 1 < body.size() && body.find('=', after) <= after + 2 && std::string_view("+-*/%").find(body[after]) != std::string_view::npos;
    if (!plain && !in_place) return;
    Setting setting{name, place, ScalarNode(place, "")};
    if (in_place) {
      setting.value.kind = YamlNode::Kind::kRefused;
      setting.value.text = kRule;
    } else {
      TakeValue(body.substr(after + 1), first > 0, setting.value);
    }
    settings_.insert_or_assign(name, std::move(setting));
  }

  void TakeValue(std::string_view code, bool in_block, YamlNode& value) {
    const size_t begin = std::min(code.find_first_not_of(" \t"), code.size());
    const size_t end = code.find_last_not_of(" \t\r;");
    const std::string_view expression = end == std::string_view::npos || end < begin ? std::string_view() : code.substr(begin, end + 1 - begin);
    if (in_block) {
      value.kind = YamlNode::Kind::kRefused;
      value.text = kBlockRule;
    } else if (expression == "None") {
      value.kind = YamlNode::Kind::kNull;
    } else if (expression == "True" || expression == "False") {
      value.text = expression == "True" ? "true" : "false";
    } else if (IsText(expression)) {
      value.text = std::string(expression.substr(1, expression.size() - 2));
    } else if (const std::optional<double> number = EvaluateArithmetic(expression, [this](std::string_view name) { return ValueOf(name); })) {
      value.text = NumberText(*number);
    } else {
      value.kind = YamlNode::Kind::kRefused;
      value.text = kRule;
    }
  }

  // Of one piece, without escapes.
  static bool IsText(std::string_view code) {
    if (code.size() < 2 || (code[0] != '"' && code[0] != '\'') || code.back() != code[0]) return false;
    const std::string_view inner = code.substr(1, code.size() - 2);
    return inner.find(code[0]) == std::string_view::npos && inner.find('\\') == std::string_view::npos;
  }

  std::optional<double> ValueOf(std::string_view name) const {
    const auto found = settings_.find(name);
    if (found == settings_.end() || found->second.value.kind != YamlNode::Kind::kScalar) return std::nullopt;
    const absl::StatusOr<double> number = ParsePlanNumber(found->second.value.text, false);
    return number.ok() ? std::optional(*number) : std::nullopt;
  }

  // Of a byte further on than the last one asked for: all together take one pass over the text.
  Place Advance(size_t offset) {
    for (; counted_ < offset; ++counted_) {
      if (text_[counted_] != '\n') continue;
      ++line_;
      line_begin_ = counted_ + 1;
    }
    return {file_, line_, static_cast<int>(offset - line_begin_) + 1};
  }

  const std::string& text_;
  const std::string& file_;
  PlanProblems& problems_;
  Settings settings_;
  size_t counted_ = 0, line_begin_ = 0;
  int line_ = 1;
};

}  // namespace

Settings ReadPythonSettings(const std::string& text, const std::string& file, PlanProblems& problems) {
  if (!CheckPlanText(text, file, problems)) return {};
  return Reader(text, file, problems).Read();
}

}  // namespace isoflop
