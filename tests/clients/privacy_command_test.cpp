#include "clients/cli/privacy_command.h"

#include <gtest/gtest.h>

namespace paxid::cli {
namespace {

TEST(PrivacyArguments, ThePersonIsNamedInOneWay) {
  PrivacyArguments arguments;
  EXPECT_EQ(subject_from(arguments).error().field, "--subject");
  arguments.number = "L898902C3";
  arguments.issuer = "UTO";
  const auto document = subject_from(arguments);
  ASSERT_TRUE(document);
  EXPECT_EQ(std::get<sdk::DocumentSelector>(*document).issuer, "UTO");
  arguments.record = "01890a5d-ac96-774b-bcce-b302099a8057";
  EXPECT_FALSE(subject_from(arguments));
  arguments.number.clear();
  EXPECT_TRUE(std::holds_alternative<sdk::RecordSelector>(*subject_from(arguments)));
  arguments.record.clear();
  arguments.subject = "00112233445566778899aabbccddeeff";
  EXPECT_EQ(std::get<audit::Id16>(*subject_from(arguments))[15], 0xff);
  arguments.subject = "0011";
  EXPECT_FALSE(subject_from(arguments));
}

TEST(PrivacyArguments, ThePurposeIsOfTheList) {
  PrivacyArguments arguments;
  ASSERT_TRUE(privacy_context_from(arguments));
  EXPECT_EQ(privacy_context_from(arguments)->request_id.size(), 36u);
  arguments.purpose = "marketing";
  EXPECT_EQ(privacy_context_from(arguments).error().field, "--purpose");
}

TEST(AccessPage, ShowsEverythingAndRunsNothing) {
  const auto page = access_page(
      R"({"log_origin":"paxid.example/log/demo","looks":[],"purposes":["boarding_check"],)"
      R"("records":[{"body":{"answer":{"sentence":"<script>alert(1)</script>","verdict":"REVIEW"},)"
      R"("read":{"birth_date":"1974-08-12","names":[{"full":"O'NEILL & \"SONS\""}]}},)"
      R"("body_state":"open","time":"2026-11-22T12:00:00Z","type":"suggestion"},)"
      R"({"body_state":"gone","time":"2026-11-23T12:00:00Z","type":"suggestion"}],)"
      R"("retention":{"match":"72 hours"},"state":{"erased":false},"written":"2026-11-24T00:00:00Z"})",
      messages::Language::kEnglish);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->find("<script"), std::string::npos);
  for (const char* shown : {"&lt;script&gt;alert(1)", "O&#39;NEILL &amp; &quot;SONS&quot;",
                            "1974-08-12", "Date of birth", "</dt><dd>3</dd>", "were erased",
                            "Boarding: whether", "default-src 'none'", "2026-11-22 12:00:00 UTC"}) {
    EXPECT_NE(page->find(shown), std::string::npos) << shown;
  }
  EXPECT_EQ(page->find("birth_date"), std::string::npos);
  const auto german = access_page(
      R"({"looks":[{"purpose":"audit","reference":"A-1","role":"privacy_officer","time":"T"}],)"
      R"("records":[{"type":"suggestion","time":"T","body":{"answer":{"verdict":"REVIEW",)"
      R"("sentence":"x","counterfactuals":[],"reasons":[{"code":"INITIAL_ONLY","text":"English"},)"
      R"({"code":"EQUAL","booking_part":"A","document_part":"A","text":"The same letters."},)"
      R"({"code":"DOCUMENT_EXPIRED","text":"stays"}]}}}],"sources":["mrz"],"state":{"held":true}})",
      messages::Language::kGerman);
  ASSERT_TRUE(german);
  for (const char* shown :
       {"Vorschlag des Programms", "PRÜFEN", "Für den Vornamen steht nur ein Anfangsbuchstabe.",
        "Dieselben Buchstaben.", "stays", "Maschinenlesbare Zone",
        "Was das Urteil ändern würde</dt><dd><i>keine</i>", "aufbewahrt</dt><dd>ja",
        "Interne Prüfung (A-1, Zuständig für Datenschutz)"}) {
    EXPECT_NE(german->find(shown), std::string::npos) << shown;
  }
  // All the data as well, and no English sentence that German has.
  EXPECT_EQ(german->find("The same letters."), std::string::npos);
  for (const char* unfit : {"", "[]", "{", "{\"records\":1"})
    EXPECT_FALSE(access_page(unfit, messages::Language::kEnglish)) << unfit;
}

TEST(AccessPage, SaysEveryWordInTheReadersLanguage) {
  const auto report = [](const std::string& field, const std::string& word) {
    return R"({"records":[{"time":"T","type":"event","body":{")" + field + R"(":")" + word +
           R"("}}]})";
  };
  const std::pair<const char*, const char*> words[] = {
      {"action", "hand_over"},          {"assurance", "authenticated"},
      {"capture_method", "typed"},      {"channel", "bag_drop"},
      {"decided_by", "person"},         {"event", "hold_release_proposed"},
      {"evidence", "name_change_deed"}, {"ground", "legal_obligation"},
      {"kind", "rectification"},        {"reason", "minor_spelling"},
      {"role", "supervisor"},           {"severity", "warning"},
      {"body_state", "redacted"}};
  for (const messages::Language language : messages::languages()) {
    for (const auto& [field, word] : words) {
      const auto page = access_page(report(field, word), language);
      ASSERT_TRUE(page);
      EXPECT_EQ(page->find(std::string("<dd><bdi>") + word), std::string::npos) << field;
      EXPECT_EQ(page->find(std::string("<dd>") + word + "</dd>"), std::string::npos) << field;
    }
    // What no catalogue knows stays as it is.
    EXPECT_NE(access_page(report("event", "of_tomorrow"), language)->find("<dd>of_tomorrow</dd>"),
              std::string::npos);
  }
}

}  // namespace
}  // namespace paxid::cli
