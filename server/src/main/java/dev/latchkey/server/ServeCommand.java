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
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `latchkey serve`.
@Command(
    name = "serve",
    description = {
      "Takes GitHub's webhooks and reviews pull requests, until it is told to stop (SIGTERM).",
      "Settings are read from latchkey.yml and from variables, which win; the README lists them."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:--print-config has printed",
      "143:stopped by SIGTERM, in order",
      "2:a setting is missing or wrong, GitHub refuses the App, or a port is in use",
      "3:the database can't be opened, for example because another process has it open"
    })
final class ServeCommand implements Callable<Integer> {

  private static final Logger LOG = System.getLogger(ServeCommand.class.getName());
  private static final int BAD_SETTING = 2;
  private static final int BAD_DATABASE = 3;
  private static final int WIDEST_VALUE = 40;

  @Spec private CommandSpec spec;

  @Mixin private final ConfigOption config = new ConfigOption();

  @Option(
      names = "--print-config",
      description = "Print what is in force and where it comes from, secrets masked; don't start.")
  private boolean printConfig;

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
    try {
      Configuration configuration = config.read(variables);
      Settings settings = Settings.read(configuration);
      if (printConfig) {
        print(configuration);
        return 0;
      }
      mask(settings, configuration);
      AppIdentity.require(settings, InstantSource.system());
      return serve(settings);
    } catch (SettingsException e) {
      err.println("latchkey serve: " + e.getMessage());
      return BAD_SETTING;
    } catch (DatabaseException | KvException | InboxException.Unusable e) {
      err.println("latchkey serve: LATCHKEY_DATABASE: " + e.getMessage());
      return BAD_DATABASE;
    } finally {
      stopped.countDown();
    }
  }

  private int serve(Settings settings) throws InterruptedException {
    try (App app = App.start(settings, App.Seams.none())) {
      Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
      announce(app);
      stop.await();
      LOG.log(Level.INFO, "event=server.stopping");
      return 0;
    }
  }

  private void print(Configuration configuration) {
    PrintWriter out = spec.commandLine().getOut();
    List<Configuration.Line> lines = configuration.inForce();
    int keys = lines.stream().mapToInt(line -> line.key().length()).max().orElse(1);
    int values = lines.stream().mapToInt(line -> line.value().length()).max().orElse(1);
    String format = "%-" + keys + "s  %-" + Math.min(values, WIDEST_VALUE) + "s  %s%n";
    lines.forEach(line -> out.printf(format, line.key(), line.value(), line.source()));
    out.flush();
  }

  /// Makes the log mask what must not be seen.
  private static void mask(Settings settings, Configuration configuration) {
    settings.app().webhookSecrets().forEach(secret -> Redaction.register(secret.reveal()));
    settings.admin().token().ifPresent(token -> Redaction.register(token.reveal()));
    Optional.ofNullable(settings.model().key()).ifPresent(Redaction::register);
    configuration.given(Setting.PRIVATE_KEY).ifPresent(value -> Redaction.register(value.text()));
    configuration
        .given(Setting.PRIVATE_KEY_PATH)
        .ifPresent(value -> Redaction.register(text(value.text())));
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
