// Budgets in device time, without a browser.
import assert from 'node:assert/strict';
import {test} from 'node:test';
import {deviceRate, parseDeviceTime} from '../../integrations/mlflow/isoflop_mlflow/sidebar/device_time.js';

test('device time is read however it is put', () => {
  const cases = {'500 H100 hours': 500 * 3600, '1,000 GPU-hours': 3.6e6, '2e3 A100 days': 2e3 * 86400, '256 GPUs for 30 days': 256 * 30 * 86400,
    '64 H100 SXM for 1.5 weeks': 64 * 1.5 * 604800, ' 8 gpus for 1 day ': 8 * 86400};
  for (const [text, seconds] of Object.entries(cases)) assert.equal(parseDeviceTime(text), seconds, text);
  for (const text of ['3e22', '', 'H100 hours', '-5 GPU hours', '0 GPU hours', '3 days', '8 GPUs', '8 GPUs for days', 'for 3 days', '8 GPUs for 3', '8 for 3 days']) {
    assert.equal(parseDeviceTime(text), null, text);
  }
});

test('the rate of a device is its speed times the share in use', () => {
  assert.equal(deviceRate({gpu_flops_per_sec: '1e15', utilisation: '0.4'}), 4e14);
  assert.equal(deviceRate({gpu_flops_per_sec: '4e14'}), 4e14);
  for (const settings of [{}, {utilisation: '0.4'}, {gpu_flops_per_sec: 'fast'}]) assert.equal(deviceRate(settings), null);
});
