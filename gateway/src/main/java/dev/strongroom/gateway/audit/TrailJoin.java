package dev.strongroom.gateway.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Holds what gateways logged against what nodes recorded; the request id is what both have.
 *
 * <p>Behind each success that used or changed something stands what was asked for, done once. Several records of one request
 * are in order where the gateway had to ask again, because an answer was lost or a node could not give it: then they are of
 * different sessions, since a gateway gives a session up whose answer does not come; a change has the same command id each
 * time, which makes it one; and whatever was refused changed nothing. What a caller was refused was not done, unless the
 * gateway told that it does not know, or was refused when it asked again.
 *
 * <p>What the trails have and no log does is a note only: a gateway may have been killed before it wrote the line, and then
 * its caller was told nothing either. It is also what a gateway that was taken over would leave.
 *
 * <p>Keeps in memory what it was told of the trails, some hundreds of bytes a request. For one thread.
 */
public final class TrailJoin {

    /** One fault can have many consequences; the first are enough. */
    private static final int MOST = 50;

    private static final String OK = "OK";

    /** What a gateway tells when it does not know whether it was done. */
    private static final Set<String> UNKNOWN = Set.of(
            "KeyUnavailableException",
            "DependencyTimeoutException",
            "KMSInternalException",
            "InternalFailure",
            "ServiceFailure",
            "ServiceUnavailable");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, List<Done>> recorded = new HashMap<>();
    private final Set<String> logged = new HashSet<>();
    private final List<String> findings = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long found;
    private long joined;

    /**
     * A command that served a request.
     *
     * @param place node and record, for people
     * @param session of a node, and no other's
     * @param command its name, with the name of the change if there is one
     * @param keys {@code account/Region/id}
     * @param about what else it was about; empty if nothing
     * @param commandId empty if it has none
     */
    public record Done(
            String place,
            String session,
            String command,
            List<String> keys,
            String about,
            String commandId,
            String result) {

        public Done {
            keys = List.copyOf(keys);
        }

        private boolean isDone() {
            return result.equals(OK);
        }

        @Override
        public String toString() {
            return place + " (" + command + ")";
        }
    }

    /** Takes what a trail says; everything of all trails before the first log. */
    public void recorded(String requestId, Done done) {
        if (ExpectedCommands.isDone(done.command())) {
            recorded.computeIfAbsent(requestId, id -> new ArrayList<>(1)).add(done);
        }
    }

    /**
     * Holds a log against the trails.
     *
     * @param log the file that a gateway writes, or wrote; those that were set aside beside it are read before it
     * @throws IOException if one cannot be read
     */
    public void log(Path log) throws IOException {
        var files = AuditFile.setAside(log);
        files.add(log);
        for (var file : files) {
            long number = 0;
            try (var lines = Files.newBufferedReader(file)) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    number++;
                    line(file.getFileName() + ":" + number, line);
                }
            }
        }
    }

    private void line(String place, String text) {
        try {
            LoggedRequest.of(place, JSON.readTree(text))
                    .ifPresentOrElse(this::check, () -> note(place + ": is no record of a request"));
        } catch (JsonProcessingException e) {
            // A machine that stopped in the middle of a line leaves this.
            note(place + ": is no whole line");
        }
    }

    private void check(LoggedRequest request) {
        if (!logged.add(request.id())) {
            find(request + " was logged before");
            return;
        }
        var all = recorded.getOrDefault(request.id(), List.of());
        var done = all.stream().filter(Done::isDone).toList();
        var expected = ExpectedCommands.of(request.source(), request.name());
        for (var one : done) {
            if (expected.isEmpty() || !expected.get().commands().contains(one.command())) {
                find(request + " is something else at " + one);
                return;
            }
            checkAbout(request, one);
        }
        if (expected.isEmpty()) {
            return;
        }
        var times = expected.get().times();
        if (request.error().isEmpty()) {
            checkSuccess(request, done, times);
        } else if (times != ExpectedCommands.Times.STEPS) {
            checkFailure(request, request.error().get(), all, done);
        }
    }

    private void checkAbout(LoggedRequest request, Done one) {
        var about = request.about();
        var stranger = about.stranger(one.keys());
        if (!about.keys().containsAll(one.keys())) {
            find(request + " is about another key at " + one);
        } else if (stranger.isPresent()) {
            find(request + " names another key, " + stranger.get() + ", than " + one);
        } else if (request.name().equals("ReEncrypt") && !about.keys().equals(one.keys())) {
            find(request + " has source and destination in another order than " + one);
        }
        boolean isSession = !about.accessKeyId().isEmpty() && request.source().equals(ExpectedCommands.STS);
        if (isSession && !about.accessKeyId().equals(one.about())) {
            find(request + " is about another session at " + one);
        }
        if (request.source().equals(ExpectedCommands.ADMINISTRATION) && !about.isOf(one.about())) {
            find(request + " is about another record, " + one.about() + ", at " + one);
        }
    }

    private void checkSuccess(LoggedRequest request, List<Done> done, ExpectedCommands.Times times) {
        if (done.isEmpty()) {
            if (times != ExpectedCommands.Times.ONE_OR_NONE) {
                find(request + " is on record at no node");
            }
            return;
        }
        joined++;
        if (times == ExpectedCommands.Times.STEPS) {
            return;
        }
        var sessions = new HashSet<String>();
        for (var one : done) {
            if (!sessions.add(one.session())) {
                find(request + " was done a second time over one session at " + one);
            } else if (!one.commandId().equals(done.get(0).commandId())) {
                find(request + " was done at " + done.get(0) + ", and as another command at " + one);
            }
        }
    }

    private void checkFailure(LoggedRequest request, String error, List<Done> all, List<Done> done) {
        if (done.isEmpty() || UNKNOWN.contains(error)) {
            return;
        }
        Predicate<Done> isElsewhere =
                other -> done.stream().noneMatch(one -> one.session().equals(other.session()));
        if (all.stream().filter(one -> !one.isDone()).noneMatch(isElsewhere)) {
            find(request + " was refused with " + error + ", and done at " + done.get(0));
        }
    }

    /** Notes what no log has; to be called when all were read. */
    public void end() {
        var unknown = recorded.entrySet().stream()
                .filter(entry -> !logged.contains(entry.getKey()))
                .flatMap(entry -> entry.getValue().stream()
                        .filter(Done::isDone)
                        .map(done -> done.place() + ": " + done.command() + " for request " + entry.getKey()
                                + ", which no log given has"))
                .sorted()
                .toList();
        unknown.stream().limit(MOST).forEach(this::note);
        if (unknown.size() > MOST) {
            note("and " + (unknown.size() - MOST) + " more that no log given has");
        }
        if (found > MOST) {
            findings.add("and " + (found - MOST) + " more");
        }
    }

    private void find(String what) {
        if (++found <= MOST) {
            findings.add(what);
        }
    }

    private void note(String what) {
        notes.add(what);
    }

    /** What does not fit together; empty if all does. */
    public List<String> findings() {
        return List.copyOf(findings);
    }

    /** What is worth knowing and may be in order. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** How many requests were logged. */
    public long requests() {
        return logged.size();
    }

    /** How many of them used or changed something and stand in the trails. */
    public long joined() {
        return joined;
    }
}
