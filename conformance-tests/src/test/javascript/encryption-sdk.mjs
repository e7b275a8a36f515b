// Usage: node encryption-sdk.mjs encrypt|decrypt KEY_ARN FILE_IN FILE_OUT
// A whole message of the AWS Encryption SDK, made or opened. Endpoint, Region and credentials come from the environment.

import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { KMS } from '@aws-sdk/client-kms';
import { buildClient, CommitmentPolicy, getClient, KmsKeyringNode } from '@aws-crypto/client-node';

const [action, keyArn, from, to] = process.argv.slice(2);
const encryptionContext = { Zweck: 'Prüfung', 日付: '2026-11-26' };
const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const clientProvider = getClient(KMS, { endpoint: process.env.AWS_ENDPOINT_URL_KMS });

if (action === 'encrypt') {
  const keyring = new KmsKeyringNode({ generatorKeyId: keyArn, clientProvider });
  const { result } = await encrypt(keyring, await readFile(from), { encryptionContext });
  await writeFile(to, result);
} else {
  const keyring = new KmsKeyringNode({ keyIds: [keyArn], clientProvider });
  const { plaintext, messageHeader } = await decrypt(keyring, await readFile(from));
  for (const [name, value] of Object.entries(encryptionContext)) {
    assert.equal(messageHeader.encryptionContext[name], value);
  }
  await writeFile(to, plaintext);
}
