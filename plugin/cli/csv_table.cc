#include "plugin/cli/csv_table.h"

#include <csv.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "core/base/status.h"

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

// How many bytes the UTF-8 character at the start of `text` takes; 0 where there is none (RFC 3629).
size_t CharacterLength(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return 1;
  const size_t length = byte(0) >= 0xC2 && byte(0) <= 0xDF ? 2 : (byte(0) & 0xF0) == 0xE0 ? 3 : byte(0) >= 0xF0 && byte(0) <= 0xF4 ? 4 : 0;
  if (length == 0 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
  }
  // Not the shortest form, a surrogate, or past U+10FFFF.
  const bool bad = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xED && byte(1) > 0x9F) || (byte(0) == 0xF0 && byte(1) < 0x90) ||
                   (byte(0) == 0xF4 && byte(1) > 0x8F);
  return bad ? 0 : length;
}

absl::Status CheckUtf8(std::string_view text, std::string_view file_name) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = CharacterLength(text.substr(i));
    if (length == 0 || text[i] == '\0') {
      return absl::InvalidArgumentError(absl::StrFormat("%s:%d: the table must be text in UTF-8, got the byte 0x%02X", file_name,
                                                        1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(i), '\n'),
                                                        static_cast<unsigned char>(text[i])));
    }
    i += length;
  }
  return absl::OkStatus();
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
