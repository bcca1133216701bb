#ifndef ISOFLOP_PLUGIN_PLAN_FRAMEWORK_SHELL_WORDS_H_
#define ISOFLOP_PLUGIN_PLAN_FRAMEWORK_SHELL_WORDS_H_

#include <cstddef>
#include <string>
#include <vector>

namespace isoflop {

// A word of a shell script, quotes and variables resolved.
struct ShellWord {
  std::string text;
  size_t offset = 0;    // Of its first byte, in the script.
  bool begins_command = false;
  std::string unknown;  // A part that only running the script would tell, such as "$1" or "$(nproc)"; empty: all is known.
};

// The words of a script in their order, those of all its branches alike; a script is never run. Variables have the value that was last assigned above,
// or the default that ${NAME:-default} names; $((...)) is computed. Text in quotes that holds arguments ("--lr 1e-4 --bf16") counts as the words in
// it. Where variables expand to more than 4 MiB in all, the words so far.
std::vector<ShellWord> ReadShellWords(const std::string& script);

}  // namespace isoflop

#endif  // ISOFLOP_PLUGIN_PLAN_FRAMEWORK_SHELL_WORDS_H_
