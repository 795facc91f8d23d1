package dev.latchkey.server;

import dev.latchkey.inbox.InboxException;
import dev.latchkey.kv.KvException;
import dev.latchkey.server.log.Redaction;
import dev.latchkey.server.web.HealthRoute;
import dev.latchkey.server.web.WebhookRoute;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `latchkey serve`.
@Command(
    name = "serve",
    description = {
      "Takes GitHub's webhooks and reviews pull requests, until it is told to stop (SIGTERM).",
      "The settings are environment variables; the README lists them."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "143:stopped by SIGTERM, in order",
      "2:a setting is missing or wrong, or a port is in use",
      "3:the database can't be opened, for example because another process has it open"
    })
final class ServeCommand implements Callable<Integer> {

  private static final Logger LOG = System.getLogger(ServeCommand.class.getName());
  private static final int BAD_SETTING = 2;
  private static final int BAD_DATABASE = 3;

  @Spec private CommandSpec spec;

  private final Map<String, String> variables;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  ServeCommand() {
    this(System.getenv());
  }

  ServeCommand(Map<String, String> variables) {
    this.variables = variables;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try (App app = App.start(masked(Settings.read(variables)), App.Seams.none())) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
      announce(app);
      stop.await();
      LOG.log(Level.INFO, "event=server.stopping");
      return 0;
    } catch (SettingsException e) {
      err.println("latchkey serve: " + e.getMessage());
      return BAD_SETTING;
    } catch (KvException | InboxException.Unusable e) {
      err.println("latchkey serve: LATCHKEY_DATABASE: " + e.getMessage());
      return BAD_DATABASE;
    } finally {
      stopped.countDown();
    }
  }

  /// Makes the log mask what must not be seen.
  private Settings masked(Settings settings) {
    settings.app().webhookSecrets().forEach(secret -> Redaction.register(secret.reveal()));
    settings.admin().token().ifPresent(token -> Redaction.register(token.reveal()));
    Optional.ofNullable(settings.model().key()).ifPresent(Redaction::register);
    Environment environment = new Environment(variables);
    environment.text("PRIVATE_KEY").ifPresent(Redaction::register);
    environment.text("PRIVATE_KEY_PATH").map(ServeCommand::text).ifPresent(Redaction::register);
    return settings;
  }

  /// It was read a moment ago, and lines of a key are masked by their form as well.
  private static String text(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      LOG.log(Level.WARNING, "event=log.key-unread", e);
      return "";
    }
  }

  /// One line on standard output, for whoever started us.
  private void announce(App app) {
    String webhooks = "http://127.0.0.1:" + app.webhookPort();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "ready webhooks=%s health=%s admin=http://127.0.0.1:%d/%n",
        webhooks + WebhookRoute.PATH, webhooks + HealthRoute.PATH, app.adminPort());
    out.flush();
  }

  /// The virtual machine waits for this before it ends.
  private void stopAndWait() {
    stop.countDown();
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
