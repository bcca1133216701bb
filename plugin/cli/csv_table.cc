#include "plugin/cli/csv_table.h"

#include <csv.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "core/base/status.h"
#include "core/base/utf8.h"

namespace isoflop {
namespace {

struct Reader {
  std::vector<CsvRecord> records;
  CsvRecord current;
  int64_t line = 1;
  bool after_carriage_return = false;

  void AddField(std::string_view field) {
    if (current.fields.empty()) current.line = line;
    line += std::count(field.begin(), field.end(), '\n');  // Within quotes.
    current.fields.emplace_back(field);
    after_carriage_return = false;
  }

  // `terminator` is the character that ended the record or blank line, or -1 at the end of the text.
  void EndRecord(int terminator) {
    if (!current.fields.empty()) records.push_back(std::move(current));
    current = {};
    if (terminator == '\r' || (terminator == '\n' && !after_carriage_return)) ++line;
    after_carriage_return = terminator == '\r';
  }
};

void OnField(void* field, size_t length, void* reader) {
  static_cast<Reader*>(reader)->AddField({static_cast<const char*>(field), length});
}

void OnRecord(int terminator, void* reader) { static_cast<Reader*>(reader)->EndRecord(terminator); }

absl::Status CheckUtf8(std::string_view text, std::string_view file_name) {
  const size_t good = Utf8PrefixSize(text);
  if (good == text.size()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrFormat("%s:%d: the table must be text in UTF-8, got the byte 0x%02X", file_name,
                                                    1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(good), '\n'),
                                                    static_cast<unsigned char>(text[good])));
}

}  // namespace

absl::StatusOr<std::vector<CsvRecord>> ReadCsvRecords(std::string_view text, std::string_view file_name) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.substr(0, 3) == kByteOrderMark) text.remove_prefix(3);
  RETURN_IF_ERROR(CheckUtf8(text, file_name));
  csv_parser parser;
  if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0) return absl::InternalError("cannot start the CSV parser");
  Reader reader;
  const bool whole = csv_parse(&parser, text.data(), text.size(), OnField, OnRecord, &reader) == text.size() &&
                     csv_fini(&parser, OnField, OnRecord, &reader) == 0;
  const int error = csv_error(&parser);
  csv_free(&parser);
  if (!whole) {
    return absl::InvalidArgumentError(absl::StrFormat("%s:%d: quotes must enclose a whole field and be doubled inside it (%s)", file_name,
                                                      reader.line, csv_strerror(error)));
  }
  return std::move(reader.records);
}

}  // namespace isoflop
