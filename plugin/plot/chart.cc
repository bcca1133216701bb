#include "plugin/plot/chart.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "absl/strings/str_cat.h"

namespace isoflop {
namespace {

constexpr double kLeft = 66, kRight = 16, kTop = 50, kBottom = 44;  // Room for title, legend, numbers and axis titles.
constexpr double kPixelsPerTickX = 62, kPixelsPerTickY = 34;
constexpr double kLetterWidth = 5.7;  // Of the legend's font, on average.
constexpr size_t kTitledPoints =
    2000;  // With more marks, those that share a pixel are drawn once, and none has a title.

std::string Font(int size) { return absl::StrCat(size); }

// About how wide a text of the legend's font is: characters, not UTF-8 bytes, count.
double TextWidth(const std::string& text) {
  return kLetterWidth *
         static_cast<double>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Drawing in one frame.
struct Canvas {
  const Chart& chart;
  const Rectangle& frame;
  const Rectangle data;
  SvgWriter& svg;

  PagePoint At(double x, double y) const { return PositionOf(chart, frame, x, y); }
};

void DrawAxes(const Canvas& c) {
  const Rectangle& r = c.data;
  const std::string bottom = PixelText(r.y + r.height), left = PixelText(r.x);
  for (double tick : AxisTicks(c.chart.x, static_cast<int>(r.width / kPixelsPerTickX))) {
    const double pixel = c.At(tick, c.chart.y.low).x;
    c.svg.Empty("line", {{"x1", PixelText(pixel)},
                         {"x2", PixelText(pixel)},
                         {"y1", PixelText(r.y)},
                         {"y2", bottom},
                         {"stroke", std::string(ink::kGrid)}});
    c.svg.Text("text",
               {{"x", PixelText(pixel)},
                {"y", PixelText(r.y + r.height + 16)},
                {"text-anchor", "middle"},
                {"fill", std::string(ink::kQuietText)},
                {"font-size", Font(11)}},
               NumberText(tick, c.chart.x.style));
  }
  for (double tick : AxisTicks(c.chart.y, static_cast<int>(r.height / kPixelsPerTickY))) {
    const double pixel = c.At(c.chart.x.low, tick).y;
    c.svg.Empty("line", {{"x1", left},
                         {"x2", PixelText(r.x + r.width)},
                         {"y1", PixelText(pixel)},
                         {"y2", PixelText(pixel)},
                         {"stroke", std::string(ink::kGrid)}});
    c.svg.Text("text",
               {{"x", PixelText(r.x - 8)},
                {"y", PixelText(pixel + 4)},
                {"text-anchor", "end"},
                {"fill", std::string(ink::kQuietText)},
                {"font-size", Font(11)}},
               NumberText(tick, c.chart.y.style));
  }
  c.svg.Empty("path", {{"d", absl::StrCat("M", left, " ", PixelText(r.y), "V", bottom, "H", PixelText(r.x + r.width))},
                       {"fill", "none"},
                       {"stroke", std::string(ink::kAxis)}});
  c.svg.Text("text",
             {{"x", PixelText(r.x + r.width / 2)},
              {"y", PixelText(r.y + r.height + 36)},
              {"text-anchor", "middle"},
              {"fill", std::string(ink::kText)},
              {"font-size", Font(12)}},
             c.chart.x.title);
  const double middle = r.y + r.height / 2, side = c.frame.x + 13;
  c.svg.Text("text",
             {{"x", PixelText(side)},
              {"y", PixelText(middle)},
              {"text-anchor", "middle"},
              {"fill", std::string(ink::kText)},
              {"font-size", Font(12)},
              {"transform", absl::StrCat("rotate(-90 ", PixelText(side), " ", PixelText(middle), ")")}},
             c.chart.y.title);
}

std::string PathThrough(const Canvas& c, const std::vector<DataPoint>& points) {
  std::string path;
  for (const DataPoint& point : points) {
    const PagePoint at = c.At(point.x, point.y);
    absl::StrAppend(&path, path.empty() ? "M" : "L", PixelText(at.x), " ", PixelText(at.y));
  }
  return path;
}

void DrawBand(const Canvas& c, const Band& band) {
  if (band.x.empty()) return;
  std::vector<DataPoint> outline;
  for (size_t i = 0; i < band.x.size(); ++i) outline.push_back({band.x[i], band.bounds[i].first});
  for (size_t i = band.x.size(); i-- > 0;) outline.push_back({band.x[i], band.bounds[i].second});
  c.svg.Empty(
      "path",
      {{"d", PathThrough(c, outline) + "Z"}, {"fill", band.color}, {"fill-opacity", absl::StrCat(band.opacity)}});
}

SvgWriter::Attributes Stroke(const Line& line) {
  SvgWriter::Attributes attributes = {{"fill", "none"},
                                      {"stroke", line.color},
                                      {"stroke-width", absl::StrCat(line.width)},
                                      {"stroke-linejoin", "round"}};
  if (line.dashed) attributes.emplace_back("stroke-dasharray", "6 4");
  return attributes;
}

void DrawLine(const Canvas& c, const Line& line) {
  if (line.points.size() < 2) return;
  SvgWriter::Attributes attributes = Stroke(line);
  attributes.emplace_back("d", PathThrough(c, line.points));
  c.svg.Empty("path", attributes);
}

// A rectangle of this label's size at (x, baseline), moved up until it covers none of `placed`, which it joins. Returns its baseline.
double PlaceLabel(double x, double baseline, double width, std::vector<Rectangle>& placed) {
  constexpr double kHeight = 12, kGap = 6;  // TextWidth is an estimate.
  const auto covers = [&](const Rectangle& other) {
    return x < other.x + other.width + kGap && other.x < x + width + kGap && std::abs(baseline - other.y) < kHeight;
  };
  for (size_t tries = 0; tries <= placed.size() && std::any_of(placed.begin(), placed.end(), covers); ++tries) baseline -= kHeight;
  placed.push_back({x, baseline, width, kHeight});
  return baseline;
}

// The label sits beside the line's last point that the axes hold.
void DrawLineLabel(const Canvas& c, const Line& line, std::vector<Rectangle>& placed) {
  if (line.label.empty()) return;
  for (size_t i = line.points.size(); i-- > 0;) {
    const PagePoint at = c.At(line.points[i].x, line.points[i].y);
    if (at.x < c.data.x || at.x > c.data.x + c.data.width || at.y < c.data.y || at.y > c.data.y + c.data.height)
      continue;
    const double width = TextWidth(line.label);
    const bool left = at.x + 4 + width > c.data.x + c.data.width;
    const double baseline = PlaceLabel(left ? at.x - 4 - width : at.x + 4, at.y + (left ? -6 : 4), width, placed);
    c.svg.Text("text",
               {{"x", PixelText(at.x + (left ? -4 : 4))},
                {"y", PixelText(baseline)},
                {"text-anchor", left ? "end" : "start"},
                {"fill", line.color},
                {"font-size", Font(11)},
                {"stroke", std::string(ink::kPage)},
                {"stroke-width", "3"},
                {"paint-order", "stroke"}},
               line.label);
    return;
  }
}

std::string ShapePath(Shape shape, PagePoint at, double r) {
  const auto point = [&](double dx, double dy) {
    return absl::StrCat(PixelText(at.x + dx * r), " ", PixelText(at.y + dy * r));
  };
  if (shape == Shape::kDiamond)
    return absl::StrCat("M", point(0, -1), "L", point(1, 0), "L", point(0, 1), "L", point(-1, 0), "Z");
  const double up = shape == Shape::kUp ? -1 : 1;
  return absl::StrCat("M", point(0, up), "L", point(0.9, -0.7 * up), "L", point(-0.9, -0.7 * up), "Z");
}

void DrawMark(SvgWriter& svg, const Marks& marks, PagePoint at, const std::string& title) {
  const std::string_view name = marks.shape == Shape::kDot ? "circle" : "path";
  SvgWriter::Attributes attributes;
  if (marks.shape == Shape::kDot) {
    attributes = {{"cx", PixelText(at.x)}, {"cy", PixelText(at.y)}, {"r", absl::StrCat(marks.radius)}};
  } else {
    attributes = {{"d", ShapePath(marks.shape, at, marks.radius)}};
  }
  if (title.empty()) {
    svg.Empty(name, attributes);
    return;
  }
  svg.Open(name, attributes);
  svg.Text("title", {}, title);
  svg.Close(name);
}

void DrawMarks(const Canvas& c, const Marks& marks) {
  if (marks.points.empty()) return;
  c.svg.Open("g", {{"fill", marks.color}, {"fill-opacity", absl::StrCat(marks.opacity)}});
  const bool many = marks.points.size() > kTitledPoints;
  std::set<std::pair<long, long>> taken;
  for (const DataPoint& point : marks.points) {
    const PagePoint at = c.At(point.x, point.y);
    if (!std::isfinite(at.x) || !std::isfinite(at.y)) continue;
    if (many && !taken.emplace(std::lround(at.x), std::lround(at.y)).second) continue;
    DrawMark(c.svg, marks, at, many ? std::string() : point.title);
  }
  c.svg.Close("g");
}

// One row under the title: a sample of each named mark and its word.
void DrawLegend(const Canvas& c) {
  double x = c.data.x;
  const double y = c.frame.y + 36;
  const auto word = [&](const std::string& text) {
    c.svg.Text(
        "text",
        {{"x", PixelText(x + 24)}, {"y", PixelText(y + 4)}, {"fill", std::string(ink::kText)}, {"font-size", Font(11)}},
        text);
    x += 24 + TextWidth(text) + 10;
  };
  for (const Marks& marks : c.chart.marks) {
    if (marks.legend.empty() || marks.points.empty()) continue;
    c.svg.Open("g", {{"fill", marks.color}, {"fill-opacity", absl::StrCat(marks.opacity)}});
    DrawMark(c.svg, marks, {x + 10, y}, "");
    c.svg.Close("g");
    word(marks.legend);
  }
  for (const Line& line : c.chart.lines) {
    if (line.legend.empty() || line.points.size() < 2) continue;
    SvgWriter::Attributes attributes = Stroke(line);
    attributes.emplace_back("d", absl::StrCat("M", PixelText(x), " ", PixelText(y), "H", PixelText(x + 19)));
    c.svg.Empty("path", attributes);
    word(line.legend);
  }
  for (const Band& band : c.chart.bands) {
    if (band.legend.empty() || band.x.empty()) continue;
    c.svg.Empty("rect", {{"x", PixelText(x)},
                         {"y", PixelText(y - 5)},
                         {"width", "19"},
                         {"height", "10"},
                         {"fill", band.color},
                         {"fill-opacity", absl::StrCat(band.opacity)}});
    word(band.legend);
  }
}

}  // namespace

Rectangle DataRectangle(const Rectangle& frame) {
  return {frame.x + kLeft, frame.y + kTop, frame.width - kLeft - kRight, frame.height - kTop - kBottom};
}

PagePoint PositionOf(const Chart& chart, const Rectangle& frame, double x, double y) {
  const Rectangle data = DataRectangle(frame);
  return {data.x + data.width * AxisFraction(chart.x, x), data.y + data.height * (1 - AxisFraction(chart.y, y))};
}

void DrawChart(const Chart& chart, const Rectangle& frame, std::string_view id, SvgWriter& svg) {
  const Canvas c{chart, frame, DataRectangle(frame), svg};
  svg.Open(
      "g",
      {{"id", std::string(id)}, {"role", "img"}, {"aria-label", absl::StrCat(chart.title, ". ", chart.description)}});
  svg.Text("text",
           {{"x", PixelText(c.data.x)},
            {"y", PixelText(frame.y + 18)},
            {"fill", std::string(ink::kText)},
            {"font-size", Font(14)},
            {"font-weight", "600"}},
           chart.title);
  DrawLegend(c);
  DrawAxes(c);
  const std::string clip = std::string(id) + "clip";
  svg.Open("clipPath", {{"id", clip}});
  svg.Empty("rect", {{"x", PixelText(c.data.x)},
                     {"y", PixelText(c.data.y)},
                     {"width", PixelText(c.data.width)},
                     {"height", PixelText(c.data.height)}});
  svg.Close("clipPath");
  svg.Open("g", {{"clip-path", absl::StrCat("url(#", clip, ")")}});
  for (const Band& band : chart.bands) DrawBand(c, band);
  for (const Line& line : chart.lines) DrawLine(c, line);
  for (const Marks& marks : chart.marks) DrawMarks(c, marks);
  svg.Close("g");
  std::vector<Rectangle> placed;
  for (const Line& line : chart.lines) DrawLineLabel(c, line, placed);
  svg.Close("g");
}

}  // namespace isoflop
