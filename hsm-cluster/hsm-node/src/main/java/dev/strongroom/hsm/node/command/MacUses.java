package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.command.UsableKeys.Fit;
import dev.strongroom.hsm.node.crypto.HmacKeys;
import dev.strongroom.hsm.node.key.KeyRules;
import dev.strongroom.hsm.node.user.HsmUser;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Authority;
import dev.strongroom.hsm.protocol.KeyUsage;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.Reply;
import dev.strongroom.hsm.protocol.UseCommand;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/** HMACs: as quick as symmetric encryption, and done in the same way. */
final class MacUses {

    private final UsableKeys keys;
    private final InstantSource clock;

    MacUses(NodeParts parts, UsableKeys keys) {
        this.keys = keys;
        this.clock = parts.clock();
    }

    CompletionStage<Reply.Mac> generateMac(HsmUser user, UseCommand.GenerateMac command) {
        KeyUses.requireLength(command.message().length(), KeyUses.MAX_PLAINTEXT);
        return keys.here(
                Stamps.newest(command.authority()),
                () -> keys.withMaterial(
                        index -> key(index, user, command.authority()),
                        (fit, material) -> command.message()
                                .use(message ->
                                        new Reply.Mac(Plaintext.wrap(HmacKeys.mac(fit.spec(), material, message))))));
    }

    CompletionStage<Reply.Done> verifyMac(HsmUser user, UseCommand.VerifyMac command) {
        KeyUses.requireLength(command.message().length(), KeyUses.MAX_PLAINTEXT);
        return keys.here(
                Stamps.newest(command.authority()),
                () -> keys.withMaterial(index -> key(index, user, command.authority()), (fit, material) -> {
                    var mac = command.mac().readOnlyArray();
                    boolean good =
                            command.message().use(message -> HmacKeys.verify(fit.spec(), material, message, mac));
                    if (!good) {
                        throw new Refused(Refusal.INVALID_MAC);
                    }
                    return new Reply.Done();
                }));
    }

    private Fit key(VaultIndex index, HsmUser user, Authority authority) {
        return UsableKeys.current(
                index, user, authority, key -> KeyRules.requireUse(key, KeyUsage.GENERATE_VERIFY_MAC, clock));
    }
}
