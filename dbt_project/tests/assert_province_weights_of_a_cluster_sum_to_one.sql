-- Harmed when this fails: analysts who spread a cluster's figures over provinces: baht would be
-- lost or counted twice.
{{ config(
    meta={
        'action_th': 'ตรวจจังหวัดในทะเบียนของคลัสเตอร์ที่แสดง แล้วแจ้งผู้ดูแลระบบ',
        'action_en': 'Check the provinces in the registration of the clusters it lists and report ' ~
            'it.',
    }
) }}

select
    cluster_code,
    sum(weight) as weight_sum
from {{ ref('bridge_cluster_province') }}
group by cluster_code
having abs(sum(weight) - 1) > 1e-9
