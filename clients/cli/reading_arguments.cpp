#include "clients/cli/subcommands.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "base/base64.h"
#include "base/file.h"
#include "bcbp/passenger_list.h"
#include "clients/cli/barcode_picture.h"
#include "clients/cli/boarding_pass_command.h"
#include "clients/cli/booking_name_command.h"
#include "clients/cli/command_line.h"
#include "clients/cli/jsonl.h"
#include "clients/cli/mrz_command.h"
#include "clients/cli/passenger_list_command.h"

namespace paxid::cli {
namespace {

using nlohmann::json;

// Text of a zone or a pass: from the arguments, or from standard input when there are none.
base::Result<std::string> text_from(const std::vector<std::string>& arguments) {
  if (!arguments.empty()) return in_lines(arguments);
  auto text = base::read_stream(std::cin, kMaxInputBytes);
  if (!text) return base::fail(text.error().code, text.error().message, "standard input");
  return text;
}

// Beside the code that is meant a picture may show others; two that can be read are two answers.
base::Result<std::string> only_readable(std::vector<BarcodeText> barcodes, const Answer& answer) {
  if (barcodes.size() == 1) return std::move(barcodes[0].text);
  std::vector<std::string> readable;
  for (BarcodeText& barcode : barcodes) {
    if (answer({{"raw", barcode.text}}).value("ok", false)) {
      readable.push_back(std::move(barcode.text));
    }
  }
  if (readable.size() == 1) return std::move(readable[0]);
  return base::fail(base::ErrorCode::kInvalidArgument,
                    "the picture shows " + std::to_string(barcodes.size()) + " barcodes, and " +
                        std::to_string(readable.size()) +
                        " of them can be read; cut it to the one that is meant");
}

// The same; a picture is read for its barcode.
base::Result<std::string> text_or_picture_from(const std::vector<std::string>& arguments,
                                               const Answer& answer) {
  if (arguments.size() != 1 || !is_picture_name(arguments[0])) return text_from(arguments);
  return load_picture(arguments[0]).and_then(read_barcodes).and_then([&](auto barcodes) {
    return only_readable(std::move(barcodes), answer);
  });
}

// The finding that says that an option, not the text, is wrong; else empty.
std::string wrong_option(const json& reply) {
  for (const json& finding : reply.value("findings", json::array())) {
    const std::string code = finding.value("code", "");
    for (const char* wrong : {"BAD_REFERENCE_DATE", "BAD_PUBLIC_KEY", "BAD_KEYS"}) {
      if (code == wrong) return code;
    }
  }
  return "";
}

// What was read, for people or as JSON; the exit status.
template <class Card>
int show(const CLI::App& command, const json& reply, const Output& output, Card card) {
  if (const auto code = wrong_option(reply); !code.empty()) {
    return fail_usage(command, code + ": an option's value cannot be used");
  }
  print_answer(output.json, reply, card());
  return reply.value("ok", false) ? kOk : kFailed;
}

// One of the subcommands that read a text, without a server.
struct Reading {
  CLI::App* command = nullptr;
  std::vector<std::string> arguments;
  std::string reference_date;
  std::string public_key_file;
  std::string keys_file;
  bool strict = false;
  Output output;
  Answer answer;
  std::function<std::string(const json& request, const json& answer)> card;

  int run() {
    if (output.jsonl) return run_jsonl(std::cin, std::cout, answer);
    const auto text = text_or_picture_from(arguments, answer);
    if (!text) return fail(text.error());
    json request{{"raw", *text}};
    if (strict) request["strict"] = true;
    if (!reference_date.empty()) request["reference_date"] = reference_date;
    if (!public_key_file.empty()) {
      const auto pem = base::read_file(public_key_file, kMaxInputBytes);
      if (!pem) return fail_usage(*command, pem.error().message);
      request["public_key_pem"] = *pem;
    }
    if (!keys_file.empty()) {
      const auto keys = base::read_file(keys_file, kMaxInputBytes);
      if (!keys) return fail_usage(*command, keys.error().message);
      request["keys"] = *keys;
    }
    const json reply = answer(request);
    return show(*command, reply, output, [&] { return card(request, reply); });
  }
};

// `passenger-list`: a file, for people or as JSON.
struct PassengerListReading {
  CLI::App* command = nullptr;
  std::string file;
  std::string reference_date;
  Output output;

  void add_to(CLI::App& app) {
    command = app.add_subcommand("passenger-list", "Read the passenger list of a flight");
    command->add_option("FILE", file, "PNL or ADL message, or CSV; - is standard input");
    command->add_option("--reference-date", reference_date, "YYYY-MM-DD [today]");
    output.add_to(command);
    command->footer(
        "Parts of a message may stand one behind the other in one file. A CSV names its columns\n"
        "in the first row: name, or surname and given; title, type (ADT, CHD, INF), locator,\n"
        "class, destination, seat, sequence, birth_date; flight, date, board.\n"
        "Exit status: 0 nothing is missing, 1 lines could not be read, 2 wrong usage. Example:\n"
        "  paxid passenger-list ops/samples/demo.pnl\n"
        "  paxid passenger-list - --json < list.csv");
  }

  base::Result<std::string> text() const {
    auto read = file == "-" ? base::read_stream(std::cin, bcbp::kMaxListBytes)
                            : base::read_file(file, bcbp::kMaxListBytes);
    if (!read) return base::fail(read.error().code, read.error().message);
    return read;
  }

  bool parsed() const { return command->parsed(); }

  int run() const {
    const auto answer = [](const json& request) { return answer_passenger_list(request, today()); };
    if (output.jsonl) return run_jsonl(std::cin, std::cout, answer);
    if (file.empty()) return fail_usage(*command, "name a file, or - for standard input");
    const auto list = text();
    if (!list) return fail(list.error());
    const std::vector<std::uint8_t> bytes(list->begin(), list->end());
    json request{{"raw_base64", base::to_base64(bytes)}};
    if (!reference_date.empty()) request["reference_date"] = reference_date;
    const json reply = answer(request);
    return show(*command, reply, output, [&] { return passenger_list_table(reply); });
  }
};

struct WriteZone {
  CLI::App* command = nullptr;
  ZoneArguments zone;

  void add_to(CLI::App& mrz) {
    command = mrz.add_subcommand("write", "Write a machine-readable zone");
    command->add_option("--format", zone.format, "TD1, TD2, TD3, MRVA, MRVB ... [TD3]");
    command->add_option("--document-code", zone.document_code, "Such as PP, I or V [P]");
    command->add_option("--issuer", zone.issuer, "ICAO code, such as D or UTO");
    command->add_option("--primary", zone.primary, "Surname; is transliterated");
    command->add_option("--secondary", zone.secondary, "Given names; are transliterated");
    command->add_option("--language", zone.language, "Of the name, such as uk");
    command->add_option("--document-number", zone.document_number, "With its tail");
    command->add_option("--nationality", zone.nationality, "ICAO code");
    command->add_option("--birth-date", zone.birth_date, "YYYY-MM-DD or YYMMDD");
    command->add_option("--sex", zone.sex, "M, F or X");
    command->add_option("--expiry-date", zone.expiry_date, "YYYY-MM-DD or YYMMDD");
    command->add_option("--optional1", zone.optional1, "Optional data");
    command->add_option("--optional2", zone.optional2, "Optional data of TD1's second line");
    command->footer(
        "Example:\n"
        "  paxid mrz write --issuer UTO --primary Eriksson --secondary 'Anna Maria' \\\n"
        "      --document-number L898902C3 --nationality UTO --birth-date 1974-08-12 --sex F \\\n"
        "      --expiry-date 2012-04-15 --optional1 ZE184226B");
  }

  int run() const {
    const auto text = written_zone(zone);
    if (!text) return fail(text.error());
    std::cout << *text;
    return kOk;
  }
};

// `mrz`, and `mrz write`.
struct Zones {
  Reading zone;
  WriteZone writing;

  void add_to(CLI::App& app) {
    zone.command = app.add_subcommand("mrz", "Read the machine-readable zone of a document");
    writing.add_to(*zone.command);
    zone.command->add_option("LINES", zone.arguments,
                             "Lines of the zone, or the text of a licence's symbol (AAMVA) "
                             "[standard input]");
    zone.command->add_option("--reference-date", zone.reference_date, "YYYY-MM-DD [today]");
    zone.command->add_flag("--strict", zone.strict, "Refuse every deviation from ICAO Doc 9303");
    zone.output.add_to(zone.command);
    zone.command->footer(
        "Example:\n"
        "  paxid mrz 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<' \\\n"
        "            'L898902C36UTO7408122F1204159ZE184226B<<<<<10'");
    zone.answer = [](const json& request) { return answer_mrz(request, today()); };
    zone.card = [](const json& request, const json& answer) {
      return mrz_card(request, answer, today());
    };
  }

  bool parsed() const { return zone.command->parsed(); }

  int run() { return writing.command->parsed() ? writing.run() : zone.run(); }
};

struct WritePass {
  CLI::App* command = nullptr;
  PassArguments pass;
  std::string text;
  std::string png;
  std::string symbology = "pdf417";

  void add_to(CLI::App& boarding_pass) {
    command = boarding_pass.add_subcommand("write", "Write a boarding pass, as text or a picture");
    command->add_option("--text", text, "The whole barcode text, instead of the fields");
    command->add_option("--name", pass.name, "SURNAME/GIVEN; is cut at 20 bytes");
    command->add_option("--locator", pass.locator, "Record locator");
    command->add_option("--from", pass.from, "IATA airport code");
    command->add_option("--to", pass.to, "IATA airport code");
    command->add_option("--carrier", pass.carrier, "Airline, such as LH");
    command->add_option("--flight", pass.flight, "Flight number, such as 400");
    command->add_option("--date", pass.date, "Of the flight, YYYY-MM-DD");
    command->add_option("--class", pass.booking_class, "Booking class")->capture_default_str();
    command->add_option("--seat", pass.seat, "Such as 1A [none]");
    command->add_option("--sequence", pass.sequence, "Check-in sequence number [none]");
    command->add_option("--status", pass.status, "Passenger status")->capture_default_str();
    command->add_option("--png", png, "Draw a picture into this file");
    command->add_option("--symbology", symbology, "pdf417, aztec, qr or datamatrix")
        ->capture_default_str();
    command->footer(
        "Example:\n"
        "  paxid boarding-pass write --name DESMARAIS/LUC --locator ABC123 --from YUL --to FRA \\\n"
        "      --carrier AC --flight 834 --date 2026-08-14 --seat 1A --sequence 25 --png pass.png\n"
        "  paxid boarding-pass pass.png");
  }

  int run() const {
    const auto written = text.empty() ? written_boarding_pass(pass) : text;
    if (!written) return fail(written.error());
    if (png.empty()) {
      std::cout << *written << "\n";
      return kOk;
    }
    const auto saved = symbology_from(symbology)
                           .and_then([&](Symbology how) { return draw_barcode(*written, how); })
                           .and_then([&](const Picture& drawn) { return save_png(drawn, png); });
    return saved ? kOk : fail(saved.error());
  }
};

// `boarding-pass`, and `boarding-pass write`.
struct Passes {
  Reading pass;
  WritePass writing;

  void add_to(CLI::App& app) {
    pass.command = app.add_subcommand("boarding-pass", "Read the barcode of a boarding pass");
    writing.add_to(*pass.command);
    pass.command->add_option("TEXT", pass.arguments,
                             "The text, in quotes, or a PNG or JPEG picture [standard input]");
    pass.command->add_option("--reference-date", pass.reference_date, "YYYY or YYYY-MM-DD [today]");
    pass.command->add_option("--public-key", pass.public_key_file,
                             "PEM file; checks the signature");
    pass.command
        ->add_option("--keys", pass.keys_file, "Key table (TOML) by issuer and security type")
        ->excludes("--public-key");
    pass.command->add_flag("--strict", pass.strict, "Refuse deviations from IATA Resolution 792");
    pass.output.add_to(pass.command);
    pass.command->footer(
        "Example:\n"
        "  paxid boarding-pass 'M1DESMARAIS/LUC       EABC123 YULFRAAC 0834 226F001A0025 100'\n"
        "A key table has a [[key]] for each airline and type of security data:\n"
        "  [[key]]\n"
        "  issuer = \"AC\"\n"
        "  type = \"1\"\n"
        "  public_key = \"\"\"-----BEGIN PUBLIC KEY----- ... \"\"\"");
    pass.answer = [](const json& request) { return answer_boarding_pass(request, today()); };
    pass.card = [](const json&, const json& answer) { return boarding_pass_card(answer); };
  }

  bool parsed() const { return pass.command->parsed(); }

  int run() { return writing.command->parsed() ? writing.run() : pass.run(); }
};

// `booking-name`.
struct BookingNames {
  Reading name;

  void add_to(CLI::App& app) {
    name.command =
        app.add_subcommand("booking-name", "Read a name as a reservation system prints it");
    name.command->add_option("TEXT", name.arguments,
                             "Name element, SSR DOCS/DOCO/DOCA line or EDIFACT name segment");
    name.output.add_to(name.command);
    name.command->footer("Example:\n  paxid booking-name '1MUELLER/HANS MR'");
    name.answer = [](const json& request) { return answer_booking_name(request, today()); };
    name.card = [](const json&, const json& answer) { return booking_name_card(answer); };
  }

  bool parsed() const { return name.command->parsed(); }

  int run() { return name.run(); }
};

}  // namespace

Run add_mrz(CLI::App& app) { return run_of<Zones>(app); }

Run add_boarding_pass(CLI::App& app) { return run_of<Passes>(app); }

Run add_booking_name(CLI::App& app) { return run_of<BookingNames>(app); }

Run add_passenger_list(CLI::App& app) { return run_of<PassengerListReading>(app); }

}  // namespace paxid::cli
