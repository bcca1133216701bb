/** The strings that the first sight of the panel needs; those of the tabs are in tab_words.js. */

import {NBSP, whole} from './figures.js';

export const WORDS = {
  title: 'Scaling',
  expand: 'Open as a full page',
  shrink: 'Back to the side panel',
  close: 'Close',
  settings: 'Settings',
  resize: 'Width of the panel',
  showTable: 'Show as table',

  badges: {live: 'Live', refitting: 'Refitting', polling: 'Polling', collecting: 'Collecting', offline: 'Offline'},

  yourNext: 'Your next',
  flop: 'FLOP',
  parametersOn: 'parameters on',
  tokens: 'tokens',
  predictedLoss: 'Predicted loss',
  sizes: 'Sizes',
  doAsWell: (tolerance) => `do as well, within ${tolerance ?? 'run noise'}.`,
  tooFar: 'Too far to advise a size.',
  tooFarBand: 'The best size lies somewhere in',
  tooFarBandUnit: 'parameters.',
  tooFarWhy: 'The budget is over 100 times your largest run, so no single size would be honest.',
  intervalComing: '[…]',
  insideRuns: 'Inside your runs',
  belowRuns: 'Below your runs',
  pastYourRuns: (factor) => `${factor} past your runs`,
  notSettled: (range) => `Not settled: ${range}`,
  orLoss: 'or',
  allRunsAlike: 'All runs alike give',
  largeRunsMore: 'trusting large runs more gives',
  largeRunsAgree: 'Trusting large runs more:',
  loss: 'loss',

  tabs: {advice: 'Advice', trade: 'Trade-offs', next: 'Next runs', running: 'Running', why: 'Why'},
  tabList: 'Parts of the advice',

  lossChart: 'Loss against compute',
  lossUnit: 'nats/token',
  splitChart: 'Tokens against parameters',
  computeAxis: 'compute (FLOP)',
  parameterAxis: 'parameters N',
  tokenAxis: 'tokens D',
  largestRun: 'your largest run',
  legend: {runs: 'runs', best: 'best loss, 95 %', next: 'your next run', contours: 'same loss', split: 'best split, 95 %', budget: 'budget', asGood: 'as good'},
  forbidden: 'You cannot see this experiment.',
  noExperiment: 'Open an experiment to see its advice.',
  loading: 'Reading the runs.',

  lawVersion: (version) => `Law v${version}`,
  refit: (age) => `refit ${age}`,
  runCount: (number) => `${whole(number)}${NBSP}${number === 1 ? 'run' : 'runs'}`,
  brackets: 'Brackets: 95 %',
  newVersion: (version) => `New law, version ${version}.`,
};

/** One sentence for a screen reader. */
export const SENTENCES = {
  verdict: (budget, parameters, tokens, loss) => `With ${budget} FLOP, train ${parameters} parameters on ${tokens} tokens; predicted loss ${loss}.`,
};
