package dev.latchkey.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.simulator.ModelQuestion;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class DemoModelTest {

  @Test
  void theRulesFindSomethingInAddedLinesOnly() {
    var system = "nonce: 0123456789abcdef0123456789abcdef";
    var user = "F1 web/page.ts\nR7  console.log(1);\nR8 +  page.innerHTML = text;\n";

    var answer = DemoModel.replies().apply(new ModelQuestion(system, user));

    var json = new JsonMapper().readTree(answer);
    assertThat(json.path("nonce").asString()).isEqualTo("0123456789abcdef0123456789abcdef");
    assertThat(json.path("findings").size()).isEqualTo(1);
    assertThat(json.path("findings").path(0).path("line").asInt()).isEqualTo(8);
    assertThat(json.path("findings").path(0).path("severity").asString()).isEqualTo("major");
  }
}
