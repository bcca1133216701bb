/** The strings of the tabs that are loaded when they are first opened; those of the rest are in words.js. */

import {NBSP} from './figures.js';

export const TAB_WORDS = {
  whatIf: 'What if the budget were',
  sliderText: (budget, loss) => `${budget} FLOP, ${loss === null ? 'too far to advise a size' : `predicted loss ${loss}`}`,
  shareOfYour: (share, budget) => `${share} of your ${budget}:`,
  timesYour: (factor, budget) => `${factor} your ${budget}:`,
  lossFrom: (loss) => `loss ${loss} →`,
  size: 'size',
  noSize: 'too far apart from your runs to compare sizes.',
  keep: (budget) => `Keep ${budget}`,
  back: (budget) => `Back to ${budget}`,

  otherSizes: 'Another size, same compute',
  lossAboveBest: 'loss above best',
  asGoodZone: 'as good, within noise',
  sizeHere: (size) => `${size} parameters`,
  aboveBest: (penalty) => `${penalty} nats/token above the best`,
  sizeColumns: ['Params', 'Tokens', 'D/N', 'Loss', 'Serving'],
  best: 'best',
  settingsTitle: 'Settings',
  settingsText: 'Of this experiment, for everyone: kept as its tags in MLflow. Leave empty what you do not know.',
  aims: 'Aims',
  costs: 'What you have and pay',
  settings: {
    budget_flops: ['Budget', 'FLOP'],
    target_loss_nats_per_token: ['Wanted loss', 'nats/token'],
    gpu_count: ['GPUs at hand', ''],
    gpu_flops_per_sec: ['Speed of one GPU', 'FLOP/s'],
    utilisation: ['Share of it in use', '0 to 1'],
    gpu_price_per_hour: ['Price of one GPU', 'an hour'],
    gpu_power_kw: ['Power of one GPU', 'kW'],
    electricity_price_per_kwh: ['Electricity', 'a kWh'],
    price_per_billion_tokens: ['New tokens', 'a billion'],
    days: ['Time until the deadline', 'days'],
    unique_token_count: ['Training tokens there are', ''],
    served_token_count: ['Tokens to serve over its life', ''],
  },
  save: 'Save',
  saved: 'Settings saved.',
  badSettings: (names) => `Not a number that fits: ${names.join(', ')}.`,
  cannotSave: 'MLflow does not let you change this experiment.',
  notSaved: 'MLflow could not keep the settings; try again.',

  export: 'Export',
  exportRuns: 'Runs, as CSV',
  exportLaw: 'Law in full digits, as JSON',
  exportChart: (title) => `${title}, as SVG`,
  exported: 'Saved.',
  notExported: 'Could not be saved.',

  leaveOutTitle: 'Leave a run out',
  leaveOutText: 'The law is refitted for a look first. The mark is a tag of the run in MLflow, so everyone sees it and it lasts: ',
  leftOutByHand: 'Runs left out by hand',
  farthestFirst: 'Runs in the law, the farthest off it first',
  filterRuns: 'Find a run by name',
  leftOut: 'left out',
  leaveOut: 'Leave out',
  takeIn: 'Take in again',
  leaveOutRun: (name) => `Leave out ${name}`,
  takeInRun: (name) => `Take in again ${name}`,
  cancel: 'Cancel',
  refitting: 'Refitting the law for a look…',
  without: 'Without this run:',
  withIt: 'With this run:',
  bestSize: 'best size',
  loss: 'loss',
  bestSizeFrom: (size) => `best size ${size} →`,
  noAdvice: 'no size could be advised.',
  cannotMark: 'MLflow does not let you change this run.',
  notMarked: 'MLflow could not keep the mark; try again.',

  withinNoise: `within${NBSP}noise`,
};

export const TAB_TIPS = {
  whatIfLoss: 'The predicted loss of one run at this budget, in nats per token. The figures above and the charts show this budget too until you go back.',
  whatIfSize: 'The best size at this budget divided by the best size at yours.',
  sizeParameters: 'A model of this size, trained with the same compute.',
  sizeTokens: 'What the same compute leaves for tokens at this size: compute ÷ (6 × parameters).',
  perParameter: 'Tokens divided by parameters.',
  bestSize: 'The size that reaches the lowest loss at this compute.',
  penalty: 'How much higher the loss is than that of the best size at the same compute, in nats per token.',
  penaltyBounds: '95 of 100 refits of the law put the difference in this range. It is narrower than the interval of the loss itself, as both sizes share the law.',
  withinNoise: (noise) => `Less than run noise, ${noise} nats per token here: one run cannot tell this size from the best.`,
  preview: 'From a refit of the law as it would then be, for your budget, or for that of your largest run while none is advised. Its interval comes with the law itself.',
  serving: 'What serving one token costs beside the best size: it takes about 2 × parameters in FLOP.',
};

/** One sentence for a screen reader. */
export const TAB_SENTENCES = {
  valley: (budget, best, asGood, penalty, small) => `Loss above the best against size at ${budget} FLOP: least at ${best} parameters` +
    `${asGood ? `, as good from ${asGood}` : ''}; ${penalty} at ${small}.`,
};
