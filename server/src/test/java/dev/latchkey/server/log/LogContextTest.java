package dev.latchkey.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.inbox.Delivery;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxOptions;
import dev.latchkey.inbox.NewWork;
import dev.latchkey.inbox.Routing;
import dev.latchkey.kv.Database;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

class LogContextTest {

  @TempDir private Path folder;

  @Test
  void aHandlersLinesNameItsWorkAndTheLastDeliveries() {
    List<Map<String, String>> seen = new ArrayList<>();
    Handler handler =
        LogContext.around(task -> {
          seen.add(MDC.getCopyOfContextMap());
          throw new IllegalStateException("whatever happens");
        });

    try (Database database = Database.open(folder.resolve("a.db"));
        Inbox inbox =
            Inbox.open(
                database, InboxOptions.of(delivery -> Routing.to(NewWork.of("kind", "lane"))))) {
      inbox.handler("kind", handler);
      for (int i = 1; i <= 4; i++) {
        var _ = inbox.accept(new Delivery("s", "d" + i, "k", Map.of(), new byte[0]));
      }
      inbox.runDue();
    }

    assertThat(seen).containsExactly(Map.of("work", "1", "delivery", "s/d2,s/d3,s/d4"));
    assertThat(MDC.get("work")).isNull();
    assertThat(MDC.get("delivery")).isNull();
  }

  @Test
  void afterwardsLinesAreAboutWhatTheyWereBefore() {
    try (LogContext.About _ = LogContext.delivery("outer")) {
      try (LogContext.About _ = LogContext.delivery("inner")) {
        assertThat(MDC.get("delivery")).isEqualTo("inner");
      }

      assertThat(MDC.get("delivery")).isEqualTo("outer");
    }
  }
}
