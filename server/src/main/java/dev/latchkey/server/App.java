package dev.latchkey.server;

import dev.latchkey.github.GitHub;
import dev.latchkey.github.GitHubOptions;
import dev.latchkey.inbox.Event;
import dev.latchkey.inbox.Handler;
import dev.latchkey.inbox.Inbox;
import dev.latchkey.inbox.InboxListener;
import dev.latchkey.inbox.InboxOptions;
import dev.latchkey.inbox.InboxStats;
import dev.latchkey.inbox.RetryPolicy;
import dev.latchkey.kv.Database;
import dev.latchkey.review.Model;
import dev.latchkey.server.web.AdminGate;
import dev.latchkey.server.web.AdminRoutes;
import dev.latchkey.server.web.Backups;
import dev.latchkey.server.web.HealthChecks;
import dev.latchkey.server.web.HealthRoute;
import dev.latchkey.server.web.Heartbeats;
import dev.latchkey.server.web.Listening;
import dev.latchkey.server.web.Methods;
import dev.latchkey.server.web.Metrics;
import dev.latchkey.server.web.OverviewRoute;
import dev.latchkey.server.web.UnexpectedErrors;
import dev.latchkey.server.web.WebhookRoute;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The server, joined by hand: read it from top to bottom to see what there is.
final class App implements AutoCloseable {

  private static final Logger LOG = System.getLogger(App.class.getName());
  private static final String FOLDER = "rwx------";
  private static final String FILE = "rw-------";

  /// Some hours in all, so that an afternoon without GitHub or the model ends no work.
  static final RetryPolicy RETRY =
      new RetryPolicy(30, Duration.ofSeconds(2), Duration.ofMinutes(15));

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Inbox inbox;
  private final WebServer webhooks;
  private final WebServer admin;

  /// What a harness looks at or puts something else in the place of.
  ///
  /// @param reviewing makes the handler of review works
  /// @param retry how often and when failed works are tried again
  record Seams(InboxListener listener, Reviewings reviewing, RetryPolicy retry) {

    Seams(InboxListener listener, Reviewings reviewing) {
      this(listener, reviewing, RETRY);
    }

    static Seams none() {
      return new Seams(InboxListener.none(), Reviewing::new);
    }
  }

  /// Makes the handler of review works.
  @FunctionalInterface
  interface Reviewings {
    Handler of(Reviewing.Parts parts, Reviewing.Terms terms);
  }

  private App(Settings settings, Seams seams) {
    try {
      InstantSource clock = InstantSource.system();
      Model model = model(settings);
      Database database = opened(Database.open(prepared(settings.database())));
      GitHub github = opened(GitHub.of(gitHub(settings, clock)));
      ReviewWorks works = new ReviewWorks(settings.limits(), settings.reviews());
      AtomicReference<Consumer<Event>> events = new AtomicReference<>(event -> {});

      this.inbox =
          opened(
              Inbox.open(
                  database,
                  InboxOptions.of(new EventRouter(settings.app(), works))
                      .withClock(clock)
                      .withRetry(seams.retry())
                      .withListener(event -> {
                        seams.listener().on(event);
                        events.get().accept(event);
                      })));
      Asks asks = new Asks(inbox);
      Metrics metrics = opened(new Metrics(clock));
      Heartbeats heartbeats = new Heartbeats(metrics, clock);
      events.set(event -> {
        metrics.on(event, inbox);
        Notices.on(event, inbox, asks);
      });
      Crew crew =
          Crew.of(
              new Crew.Tools(
                  settings,
                  github,
                  database,
                  model,
                  works,
                  heartbeats,
                  metrics,
                  clock,
                  seams.retry().maxAttempts()),
              inbox);
      Handler reviewing = seams.reviewing().of(crew.parts(), crew.terms());
      crew.register(reviewing);

      HealthChecks health =
          new HealthChecks(new Vitals(database, settings.database(), inbox, heartbeats, clock));
      AdminRoutes api = api(settings, database, crew, metrics, works);
      this.admin = listen(settings.admin().listener(), forOperator(settings, api, health));
      // Opened last, because what is opened last is closed first.
      this.webhooks = listen(settings.webhooks(), forSenders(settings, metrics, health));
      inbox.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Starts the server.
  ///
  /// @throws SettingsException if a setting can't be used, a port in use among them
  /// @throws DatabaseException if the database's file can't be made
  /// @throws dev.latchkey.kv.KvException if the database can't be opened
  static App start(Settings settings, Seams seams) {
    return new App(settings, seams);
  }

  /// Returns the port at which deliveries arrive.
  int webhookPort() {
    return webhooks.port();
  }

  int adminPort() {
    return admin.port();
  }

  InboxStats stats() {
    return inbox.stats();
  }

  /// Stops taking deliveries, then works, then closes the database; what is under way is handed
  /// back if it doesn't end in time. Closing again has no effect.
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable next = opened.pop();
      try {
        next.close();
      } catch (Exception e) {
        LOG.log(Level.ERROR, "event=stop.failed part=" + next.getClass().getSimpleName(), e);
      }
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    opened.push(part);
    return part;
  }

  private WebServer listen(Settings.Listener at, WebServerConfig.Builder builder) {
    requireFree(at);
    WebServer server = server(at, builder).start();
    if (!server.isRunning()) {
      // Helidon only logs why.
      throw notListening(at, "somebody else was faster", null);
    }
    opened(server::stop);
    return server;
  }

  /// Binds the address and lets it go again, because Helidon doesn't throw what the system says.
  private static void requireFree(Settings.Listener at) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.getByName(at.host()), at.port()));
    } catch (UnknownHostException e) {
      throw notListening(at, "no such address", e);
    } catch (IOException e) {
      throw notListening(at, String.valueOf(e.getMessage()), e);
    }
  }

  private static WebServer server(Settings.Listener at, WebServerConfig.Builder builder) {
    return Listening.usual().apply(builder.host(at.host()).port(at.port())).build();
  }

  private static SettingsException notListening(
      Settings.Listener at, String reason, @Nullable Exception cause) {
    return new SettingsException(
        "%s, %s: can't listen at %s, port %d: %s; stop what listens there, or set another"
            .formatted(at.name().replace("PORT", "HOST"), at.name(), at.host(), at.port(), reason),
        cause);
  }

  private static Model model(Settings settings) {
    try {
      return settings.model().open();
    } catch (IllegalArgumentException e) {
      throw new SettingsException("LATCHKEY_MODEL, LATCHKEY_MODEL_URL: " + e.getMessage(), e);
    }
  }

  /// Makes the folder and the file so that only their owner can read them: what is kept there is
  /// other people's code. What is there already is left as it is.
  private static Path prepared(Path database) {
    Path folder = database.toAbsolutePath().getParent();
    try {
      if (!Files.exists(folder)) {
        Files.createDirectories(
            folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FOLDER)));
      }
      if (!Files.exists(database, LinkOption.NOFOLLOW_LINKS)) {
        Files.createFile(
            database, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(FILE)));
      }
      return database;
    } catch (FileAlreadyExistsException e) {
      // Another process was faster; whose it is shows when it is opened.
      return database;
    } catch (IOException e) {
      throw new DatabaseException(
          database
              + " is not there and can't be made: "
              + reason(e)
              + "; let this user write there",
          e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      case FileAlreadyExistsException inTheWay -> inTheWay.getFile() + " is no folder";
      default -> String.valueOf(e.getMessage());
    };
  }

  /// The pause which GitHub asks for between writes would only slow down a server on this machine.
  static GitHubOptions gitHub(Settings settings, InstantSource clock) {
    try {
      GitHubOptions options =
          GitHubOptions.of(settings.app().api(), settings.app().credentials(), clock);
      return settings.apiIsLocal() ? options.withWriteInterval(Duration.ZERO) : options;
    } catch (IllegalArgumentException e) {
      throw new SettingsException("GITHUB_API_URL: " + e.getMessage(), e);
    }
  }

  private WebServerConfig.Builder forOperator(
      Settings settings, AdminRoutes api, HealthChecks health) {
    return WebServer.builder()
        .routing(routes ->
            Methods.nothingElse(
                routes
                    .addFilter(gate(settings.admin()))
                    .error(RuntimeException.class, new UnexpectedErrors())
                    .register("/", api)
                    .register("/", new OverviewRoute(new Overviews(inbox, health)::now))));
  }

  private WebServerConfig.Builder forSenders(
      Settings settings, Metrics metrics, HealthChecks health) {
    return WebServer.builder()
        .routing(routes ->
            Methods.nothingElse(
                routes
                    .error(RuntimeException.class, new UnexpectedErrors())
                    .post(WebhookRoute.PATH, webhookRoute(settings, inbox, metrics))
                    .any(WebhookRoute.PATH, Methods.only("POST"))
                    .get(HealthRoute.PATH, new HealthRoute(health))
                    .any(HealthRoute.PATH, Methods.only("GET"))));
  }

  private AdminRoutes api(
      Settings settings, Database database, Crew crew, Metrics metrics, ReviewWorks works) {
    InstantSource clock = InstantSource.system();
    return new AdminRoutes(
        new AdminRoutes.Parts(
            inbox,
            metrics,
            new Backups(database, settings.database(), clock),
            crew.operator(),
            crew.published(),
            List.of(works.tokens(1).limit()),
            clock));
  }

  private static WebhookRoute webhookRoute(Settings settings, Inbox inbox, Metrics metrics) {
    Settings.App app = settings.app();
    return new WebhookRoute(inbox::accept, app.webhookSecrets(), app.source(), metrics::refused);
  }

  private static AdminGate gate(Settings.Admin admin) {
    return new AdminGate(admin.token(), admin.listener().host());
  }
}
