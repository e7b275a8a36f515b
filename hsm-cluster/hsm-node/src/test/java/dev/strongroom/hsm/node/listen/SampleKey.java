package dev.strongroom.hsm.node.listen;

import dev.strongroom.hsm.protocol.AliasName;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.KeyName;
import dev.strongroom.hsm.protocol.KeyRecord;
import dev.strongroom.hsm.protocol.KeySpec;
import dev.strongroom.hsm.protocol.KeyState;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Origin;
import dev.strongroom.hsm.protocol.Scope;
import dev.strongroom.hsm.protocol.Stamp;
import java.time.Instant;
import java.util.List;

/** One key as it may come back. */
final class SampleKey {

    private static final Instant CREATED = Instant.parse("2026-11-24T00:00:00.123456789Z");
    private static final Scope SCOPE = new Scope("111122223333", "eu-west-1");

    static final AliasName ALIAS = new AliasName(SCOPE, "alias/orders");

    static final KeyRecord RECORD = new KeyRecord(
            new Stamp(-1, 2, 9),
            new KeyName(SCOPE, "5a8f0d2c-6b1e-4a7f-9c3d-2e1f0a9b8c7d"),
            new KeyRecord.Attributes(
                    KeySpec.SYMMETRIC_DEFAULT, KeyUsage.ENCRYPT_DECRYPT, Origin.AWS_KMS, false, CREATED),
            KeyRecord.Lifecycle.of(KeyState.DISABLED),
            new KeyRecord.Documents("orders", "{}", List.of(new KeyRecord.Tag("team", "orders"))),
            KeyRecord.Material.of(
                    List.of(KeyRecord.BackingKey.first(Bytes.wrap(new byte[16]), "ab".repeat(32), CREATED))));

    private SampleKey() {}
}
