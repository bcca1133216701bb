/** What figures tell of themselves, loaded after them; and what charts say to a screen reader. */

import {NBSP, whole} from './figures.js';

const runs = (number) => `${whole(number)}${NBSP}${number === 1 ? 'run' : 'runs'}`;

/** What hovering a figure tells. */
export const TIPS = {
  badges: {
    live: 'New runs reach this page as they finish, without a reload.',
    refitting: 'The newest runs are in the law. Its intervals are being computed from refits and follow within seconds.',
    polling: 'This server cannot push changes, so the page asks for them every 15 seconds.',
    collecting: 'There are too few usable runs for a law. The page changes by itself when there are enough.',
    offline: 'The advice service does not answer. MLflow itself goes on as usual.',
  },
  budget: 'The compute you plan to spend on your next run, in floating-point operations: about 6 × parameters × tokens. Choose another to see its advice.',
  intervalComing: 'The 95 % interval is being computed from refits of the law and appears by itself.',
  brackets: 'Each bracket holds 95 of 100 refits of the law to resampled runs. For a predicted loss it also holds the noise of one new run.',
  parameters: (budget, bounds) => `The size that the law expects to reach the lowest loss with ${budget} FLOP.` +
    (bounds ? ` 95 of 100 refits put it in ${bounds}.` : ' Its interval is being computed.'),
  tokens: (budget, bounds) => `Training tokens left for that size: compute ÷ (6 × parameters), with ${budget} FLOP.` +
    (bounds ? ` 95 of 100 refits put it in ${bounds}.` : ' Its interval is being computed.'),
  bestBand: (budget) => `95 of 100 refits put the best size for ${budget} FLOP in this range.`,
  loss: (noise) => `The loss that the law predicts for one run of this size on these tokens, in nats per token. The bracket holds 95 of 100 such runs: the law's own uncertainty and run noise${noise ? ` (${noise})` : ''}.`,
  asGood: (noise, tolerance) => tolerance ? `At the same compute these sizes lose less than ${tolerance} of the loss, as the settings have it.` : `At the same compute these sizes lose less than run noise${noise ? `, ${noise} of the loss` : ''}, so one run cannot tell them from the best.`,
  unsettled: 'Past your runs the best size depends on how much the large ones are trusted: neither answer is as good as the other. A run near this budget would settle it.',
  unsettledSizes: 'From one to the other answer: of the law fitted to all runs alike, and of the same law with large runs weighted more.',
  weighted: 'From the same law fitted with less weight on runs the further they lie below the largest. Past the runs it errs less in most published studies, by 14 % in the mean.',
  weightedLoss: 'The loss that this law predicts there, in nats per token.',
  below: (smallest) => `The budget is smaller than your smallest run, ${smallest} FLOP. Small models leave the law first.`,
  inside: (largest) => `The budget is no larger than your largest run, ${largest} FLOP, so the law was fitted on runs like it.`,
  past: (largest) => `The budget divided by the compute of your largest run, ${largest} FLOP. The further past it, the less the runs can vouch for the law.`,
  E: 'The loss that no size and no amount of data can remove, in nats per token. Fitted to your runs.',
  A: 'How much loss a model has for being small: A ÷ N^α, where N is its parameters. Fitted to your runs; it moves together with α.',
  B: 'How much loss a model has for seeing few tokens: B ÷ D^β, where D is its tokens. Fitted to your runs; it moves together with β.',
  alpha: 'How fast the loss falls as the model grows: the exponent of N. Fitted to your runs.',
  beta: 'How fast the loss falls with more tokens: the exponent of D. Fitted to your runs.',
  a: 'Ten times the compute makes the best size 10^a times as large: a = β ÷ (α + β). Near 0.5, size and tokens grow alike.',
  fixed: 'Held at this value, not fitted.',
  otherParameter: (name) => `${name}, fitted to your runs.`,
  law: 'The predicted loss L of a run with N parameters and D tokens, fitted to your runs.',
  lawVersion: 'Counts the refits: each finished or changed run makes a new version. Old versions stay readable.',
  lawAge: 'When this version of the law was fitted.',
  usedRuns: 'Finished runs with a size, tokens and a loss, each a dot in the charts. The law is fitted to these.',
  computeAxis: 'Training compute of a run in floating-point operations. Each step to the right is ten times more.',
  lossAxis: 'Final loss in nats per token, on a log scale. Lower is better.',
  parameterAxis: 'Parameters of a model, on a log scale.',
  tokenAxis: 'Tokens a model was trained on, on a log scale.',
  legend: {
    runs: 'One dot for each run that the law is fitted to.',
    best: 'The lowest loss that the law expects at each compute. The band holds 95 of 100 new runs. Dashed where it is past your largest run.',
    next: 'The run advised above for your budget.',
    contours: 'Along one line every mix of size and tokens reaches the same loss.',
    split: 'The best size and tokens at each compute. The band holds 95 of 100 refits. Dashed where it is past your largest run.',
    budget: 'Every mix of size and tokens that costs your budget.',
    asGood: 'Mixes at your budget that do as well as the best.',
    suggested: 'Runs that would tell the effect of size from that of tokens.',
  },
  perParameter: 'Tokens divided by parameters.',

  /** One sentence for a screen reader. */
  charts: {
    loss: (count, loss, budget) => `Loss against compute: ${runs(count)}; the best loss falls with compute${loss ? ` and is ${loss} at ${budget} FLOP` : ''}.`,
    split: (count, parameters, tokens, budget) => `Tokens against parameters: ${runs(count)}` +
      `${parameters ? `; the best split at ${budget} FLOP is ${parameters} parameters on ${tokens} tokens` : ''}.`,
    help: 'Arrow keys walk the runs by compute, Enter opens one.',
  },
};
