package dev.strongroom.conformance.authz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The decision table. A file is a topic; its first line, after {@code #}, names it. A paragraph begins with {@code ##} and
 * a title; then come lines that say what is the case, and indented lines, each a request with its outcome:
 *
 * <pre>
 * ## A role's sessions have what the role has
 * key: allow role.app kms:Encrypt if StringEquals kms:EncryptionContext:dept it
 *   app.s1 Encrypt ctx:dept=it -> allow
 *   app.s1 Encrypt ctx:dept=hr -> no-resource
 * </pre>
 *
 * <p>What can be said: {@code key: STATEMENT} of the key's policy, which without any is the one that hands everything to
 * account A; {@code identity|boundary NAME: STATEMENT}, {@code session NAME: STATEMENT} of a session; {@code key TRAIT=…}, of which
 * {@code meant=NAMES} and {@code former=NAMES} say that policy and grants mean those who have the names, or others who had them;
 * {@code caller NAME TRAIT=…}; {@code grant NAME to WHOM OPERATIONS [equals|subset k=v,…] [source ARN]}; {@code version} of
 * the policy language. Statements: {@link PolicyText}; requests: {@link DecisionRow}; names: {@link Cast}. In all of them
 * <code>{A}</code>, <code>{B}</code>, <code>{KEY}</code> stand for two account ids and the key's ARN.
 *
 * <p>Outcomes: {@code allow}, {@code allow by} a grant, and for each reason that a refusal names a word: {@code
 * no-resource}, {@code no-identity}, {@code no-boundary}, {@code no-session}, {@code deny-resource}, {@code
 * deny-identity}, {@code deny-boundary}, {@code deny-session}.
 */
final class DecisionTable {

    static final String REGION = "eu-west-1";
    static final String KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
    static final String KEY_ARN = "arn:aws:kms:" + REGION + ":111122223333:key/" + KEY_ID;

    static final List<String> TOPICS = List.of(
            "key-policies",
            "delegation",
            "principals",
            "denials",
            "cross-account",
            "boundaries",
            "patterns",
            "operators",
            "quantifiers",
            "condition-keys",
            "variables",
            "grants",
            "account-actions",
            "unique-ids");

    private DecisionTable() {}

    static List<DecisionRow> rows() {
        return TOPICS.stream().flatMap(topic -> rows(topic).stream()).toList();
    }

    static List<DecisionRow> rows(String topicFile) {
        var rows = new ArrayList<DecisionRow>();
        var topic = topicFile;
        var draft = new Situation.Draft(topic, "");
        var requests = new ArrayList<String>();
        for (var line : lines(topicFile)) {
            if (line.startsWith("## ")) {
                finish(draft, requests, rows);
                draft = new Situation.Draft(topic, line.substring(3));
            } else if (line.startsWith("# ")) {
                topic = line.substring(2);
            } else if (line.startsWith("  ")) {
                requests.add(line);
            } else if (!line.isBlank()) {
                draft.read(new Words(line));
            }
        }
        finish(draft, requests, rows);
        return rows;
    }

    private static void finish(Situation.Draft draft, List<String> requests, List<DecisionRow> rows) {
        if (!requests.isEmpty()) {
            var situation = draft.finish();
            requests.forEach(request -> rows.add(DecisionRow.of(situation, request)));
            requests.clear();
        }
    }

    private static List<String> lines(String topic) {
        try (var in = DecisionTable.class.getResourceAsStream("/decisions/" + topic + ".txt")) {
            if (in == null) {
                throw new IllegalArgumentException("no such topic: " + topic);
            }
            return new String(in.readAllBytes(), UTF_8)
                    .replace("{A}", Cast.A_ROOT.accountId())
                    .replace("{B}", Cast.B_ROOT.accountId())
                    .replace("{KEY}", KEY_ARN)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
