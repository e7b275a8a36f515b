package dev.strongroom.hsm.node.vault;

import dev.strongroom.hsm.node.key.DueDates;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.Scope;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/** The keys to which something will happen by date, by that date. As safe for readers as {@link VaultIndex} is. */
final class Agenda {

    private record Entry(Instant date, KeyName key) {}

    private static final Comparator<Entry> ORDER = Comparator.comparing(Entry::date)
            .thenComparing(entry -> entry.key().scope().accountId())
            .thenComparing(entry -> entry.key().scope().region())
            .thenComparing(entry -> entry.key().keyId());

    private final NavigableSet<Entry> entries = new ConcurrentSkipListSet<>(ORDER);
    private final Map<KeyName, Entry> byKey = new ConcurrentHashMap<>();

    void put(KeyRecord key) {
        remove(key.name());
        DueDates.first(key).ifPresent(date -> {
            var entry = new Entry(date, key.name());
            byKey.put(key.name(), entry);
            entries.add(entry);
        });
    }

    void remove(KeyName key) {
        var former = byKey.remove(key);
        if (former != null) {
            entries.remove(former);
        }
    }

    /** The keys whose date is not after {@code now}, the earliest first. */
    Stream<KeyName> due(Instant now) {
        return entries.stream().takeWhile(entry -> !entry.date().isAfter(now)).map(Entry::key);
    }

    /** The latest date that is not after {@code now}. */
    Optional<Instant> lastDue(Instant now) {
        var after = new Entry(now.plusNanos(1), new KeyName(new Scope("", ""), ""));
        return Optional.ofNullable(entries.lower(after)).map(Entry::date);
    }
}
