package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class DemoReportTest {
  private static final DemoCounts WELL =
      new DemoCounts(12, 15, 40, 15, 19, 6, 12, 13, 0, 0, 0, 0, 2, 21, 12, 0, 1, 14, 2, 12_345);

  @Test
  void theDocumentIsOneLineWithTheCounts() {
    var json = new JsonMapper().readTree(report(WELL).json());

    assertThat(report(WELL).json()).doesNotContain("\n");
    assertThat(json.path("ok").asBoolean()).isTrue();
    assertThat(json.path("deliveries").asInt()).isEqualTo(15);
    assertThat(json.path("duplicates").asInt()).isEqualTo(19);
    assertThat(json.path("kills").asInt()).isEqualTo(2);
    assertThat(json.path("reviewsExpected").asInt()).isEqualTo(12);
    assertThat(json.path("reviewsPosted").asInt()).isEqualTo(13);
    assertThat(json.path("postedTwice").asInt(-1)).isZero();
    assertThat(json.path("lost").asInt(-1)).isZero();
    assertThat(json.path("modelCalls").asInt()).isEqualTo(14);
    assertThat(json.path("tokens").asInt()).isEqualTo(12_345);
    assertThat(json.path("seconds").asDouble()).isEqualTo(9.3);
    assertThat(json.path("dashboard").asString()).isEqualTo("http://127.0.0.1:3001/");
    assertThat(json.path("problems").size()).isZero();
  }

  @Test
  void theTableNamesWhatAPersonAsksFor() {
    var table = report(WELL).table();

    assertThat(table)
        .contains("posted twice    0")
        .contains("lost            0")
        .contains("2 times with SIGKILL")
        .contains("12,345 tokens")
        .contains("9.3 s");
  }

  @Test
  void deliveriesThatNobodyTookAreAProblem() {
    var counts =
        new DemoCounts(12, 15, 40, 14, 19, 6, 12, 12, 0, 0, 1, 0, 2, 21, 12, 0, 0, 14, 0, 1);

    assertThat(report(counts).problems())
        .containsExactly(
            "1 pull requests have no review in the time given",
            "1 deliveries were never answered 2xx");
  }

  private static DemoReport report(DemoCounts counts) {
    return new DemoReport(
        "the last commits of a repository",
        counts,
        2,
        "1000/1h",
        Duration.ofMillis(9_280),
        URI.create("http://127.0.0.1:3001/"));
  }
}
