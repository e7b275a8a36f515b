// Asks @cloud-copilot/iam-simulate, an independent simulator of IAM, what becomes of requests. One JSON document a line in,
// { id, simulation }; one a line out, { id, result }. It runs as a program of its own because its licence (AGPL) is not ours.
import { createInterface } from 'node:readline'
import { runSimulation } from '@cloud-copilot/iam-simulate'

for await (const line of createInterface({ input: process.stdin })) {
  const { id, simulation } = JSON.parse(line)
  let result
  try {
    const answer = await runSimulation(simulation, {})
    result = answer.resultType === 'error' ? 'error: ' + JSON.stringify(answer.errors) : answer.overallResult
  } catch (e) {
    result = 'error: ' + e
  }
  console.log(JSON.stringify({ id, result }))
}
