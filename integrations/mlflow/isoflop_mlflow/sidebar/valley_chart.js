/** Chart 3: what another size gives up at the same compute, with its band and the sizes that are as good. */

import * as figures from './figures.js';
import {penaltyText} from './other_sizes.js';
import {TAB_SENTENCES, TAB_TIPS, TAB_WORDS} from './tab_words.js';
import {countTick, roundTicks, sizeTicks, spanOf, tickText} from './ticks.js';
import {TIPS} from './tips.js';
import {toleranceText} from './verdict.js';
import {WORDS} from './words.js';

/** Of the height below 0, for the diamond. */
const BELOW = 0.1;

function axes({other: {valley}}) {
  const x = [valley[0].parameter_count, valley.at(-1).parameter_count];
  const [, highest] = spanOf(valley.map(({penalty_nats_per_token: penalty}) => penalty.estimate)), top = highest * 1.15;
  const yTicks = roundTicks(0, top), write = tickText(yTicks);
  return {x, y: [-BELOW * top, top], xTicks: sizeTicks(...x), yTicks, xText: countTick, yLog: false,
    yText: (value) => value === 0 ? write(value) : `+${write(value)}`};
}

function draw(paint, page) {
  const {valley, verdict} = page.other;
  const point = (side) => valley.filter(({penalty_nats_per_token: penalty}) => penalty[side] !== null)
    .map(({parameter_count: size, penalty_nats_per_token: penalty}) => [size, penalty[side]]);
  const asGood = verdict.as_good_parameter_count, {y} = axes({other: {valley}});
  paint.clipped(() => {
    if (asGood) paint.ground([asGood.lower, y[0]], [asGood.upper, y[1]]);
    paint.band(point('lower'), point('upper'));
    paint.line(point('estimate'), {color: '--law', width: 2});
  });
  if (asGood) paint.label(TAB_WORDS.asGoodZone(toleranceText(page)), paint.x(verdict.parameter_count.estimate), paint.box.top + 8 * paint.ratio, {patch: false});
  paint.diamond(verdict.parameter_count.estimate, 0);
}

function marks({other: {valley, verdict, sizes}}) {
  const {budget_flops: budget} = verdict;
  const line = valley.map(({parameter_count: size, penalty_nats_per_token: penalty}) => {
    const {estimate, bounds} = penaltyText(penalty);
    return {x: size, y: penalty.estimate, kind: 'line', title: TAB_WORDS.sizeHere(figures.count(size)),
      lines: [TAB_WORDS.aboveBest([estimate, bounds].filter(Boolean).join(' '))]};
  });
  return [...line, {x: verdict.parameter_count.estimate, y: 0, kind: 'next', title: TAB_WORDS.nextRun,
    lines: [`N ${figures.count(verdict.parameter_count.estimate)}, D ${figures.count(sizes.find((size) => size.size_ratio === 1).token_count)}, C ${figures.flops(budget)}`]}];
}

/** @type {import('./chart.js').Subject} */
export const VALLEY_CHART = {
  name: 'valley', title: TAB_WORDS.otherSizes, aside: () => [TAB_WORDS.lossAboveBest, TAB_TIPS.penalty], caption: () => [WORDS.parameterAxis, TIPS.parameterAxis],
  yTip: () => TAB_TIPS.penalty, yWidth: 46, height: {narrow: 130, wide: 150}, axes, draw, marks, legend: () => [], help: TAB_SENTENCES.lineHelp,
  sentence: ({other: {verdict, valley}}) => TAB_SENTENCES.valley(figures.flops(verdict.budget_flops), figures.count(verdict.parameter_count.estimate),
    verdict.as_good_parameter_count ? figures.countRange(verdict.as_good_parameter_count.lower, verdict.as_good_parameter_count.upper) : null,
    penaltyText(valley[0].penalty_nats_per_token).estimate, figures.count(valley[0].parameter_count)),
  table: ({other: {valley}}) => ({
    columns: [TAB_WORDS.sizeColumns[0], TAB_WORDS.lossAboveBest, TAB_WORDS.interval],
    rows: valley.map(({parameter_count: size, penalty_nats_per_token: penalty}) => {
      const {estimate, bounds} = penaltyText(penalty);
      return [figures.count(size), estimate, bounds ?? ''];
    }),
  }),
};
